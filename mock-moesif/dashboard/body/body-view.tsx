import { signal, useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { asText, headerOf, isLeftOut, type Message } from '../captured/event-shape.ts'
import { Tabs } from '../controls/tabs.tsx'
import { bytes as byteAmount, plural } from '../text/format.ts'
import { repeatedNames } from '../captured/exact-json.ts'
import { rawMember } from '../captured/raw-member.ts'
import { canInflate, type Inflated, inflate } from '../captured/body-bytes.ts'
import { BodyContent } from './body-content.tsx'
import { FindInBody } from './find-in-body.tsx'
import { expandAll, nothingExpanded } from './json-tree.tsx'
import {
  type BodyMode,
  type BodyReading,
  readBase64,
  readBytes,
  readText,
} from '../captured/read-body.ts'

const titles: Record<BodyMode, string> = {
  json: 'JSON',
  graphql: 'GraphQL',
  form: 'Form',
  parts: 'Parts',
  markup: 'Markup',
  image: 'Image',
  text: 'Text',
  hex: 'Hex',
  base64: 'Base64',
}

/** Bodies as the exact text that was captured, whatever else they can be read as. */
export const exactText = signal(false)

/** The body of one side of an event, in the most informative form it can be read in. */
export function MessageBody(props: {
  message: Message
  side: 'request' | 'response'
  /** The whole event's JSON as it came. */
  raw: string
}) {
  const { message, side, raw } = props
  const { body, transferEncoding } = message
  const header = headerOf(message, 'content-type')
  const read = useMemo(
    () => readBody(body, transferEncoding, header, rawMember(raw, [side, 'body'])),
    [body, transferEncoding, header, raw],
  )
  if (body === undefined || (body === null && transferEncoding !== 'json'))
    return <p class="faint">No body was captured.</p>
  if (body === '' && transferEncoding !== 'json') return <p class="faint">The body is empty.</p>
  if (isLeftOut(body)) {
    return (
      <p class="left-out">
        <b>Left out:</b> {body.msg.slice('body left out: '.length)}. {byteAmount(body.length)}{' '}
        passed.
      </p>
    )
  }
  if (!read) {
    return (
      <>
        <p class="remark error">transfer_encoding is base64, but this is not valid base64.</p>
        <pre class="block">{asText(body)}</pre>
      </>
    )
  }
  const encoding = headerOf(message, 'content-encoding').trim().toLowerCase()
  return (
    <BodyView
      reading={read}
      label={side === 'request' ? 'Request' : 'Response'}
      header={header}
      encoding={transferEncoding === 'base64' ? encoding : ''}
      field={transferEncoding === 'base64' ? null : `event.${side}.body`}
    />
  )
}

function readBody(
  body: unknown,
  encoding: string | null,
  header: string,
  raw: string | undefined,
): BodyReading | null {
  if (typeof body === 'string' && encoding === 'base64') return readBase64(body, header)
  if (typeof body === 'string' && encoding !== 'json') return readText(body, header)
  return readText(raw ?? JSON.stringify(body) ?? '', header)
}

/** Bytes in every way they can be read, one at a time. */
export function BodyView(props: {
  reading: BodyReading
  label: string
  /** Content-type. */
  header: string
  /** Content-encoding, when the bytes are still encoded. */
  encoding?: string
  /** What the query language calls the body. */
  field?: string | null
}) {
  const { label, header, encoding = '', field = null } = props
  const chosen = useSignal<BodyMode | null>(null)
  const inflated = useSignal<Inflated | null>(null)
  const expansion = useSignal(nothingExpanded)
  useEffect(() => {
    inflated.value = null
  }, [props.reading])
  const reading = useMemo(
    () => (inflated.value === null ? props.reading : readBytes(inflated.value.bytes, header)),
    [props.reading, inflated.value],
  )
  useEffect(() => {
    const expand = () => (expansion.value = expandAll(reading.json))
    addEventListener('beforeprint', expand)
    return () => removeEventListener('beforeprint', expand)
  }, [reading])
  const { modes } = reading
  const wanted = exactText.value ? 'text' : chosen.value
  const mode = wanted && modes.includes(wanted) ? wanted : (modes[0] ?? 'hex')
  const tree = mode === 'json' || mode === 'graphql'
  const again = useMemo(
    () => (tree ? repeatedNames(reading.text ?? '', reading.json) : 0),
    [reading, tree],
  )
  return (
    <div class="body">
      <div class="body-bar">
        <Tabs
          label={`${label} body as`}
          options={modes.map((name) => [name, titles[name]])}
          chosen={mode}
          onChoose={(name) => {
            exactText.value = false
            chosen.value = name
          }}
        />
        <span class="faint">
          {byteAmount(reading.bytes.length)}
          {reading.charset && `, ${reading.charset}`}
        </span>
        {canInflate(encoding) && inflated.value === null && (
          <button
            type="button"
            onClick={async () => (inflated.value = await inflate(reading.bytes, encoding))}
          >
            Inflate {encoding}
          </button>
        )}
        {tree && (
          <button
            type="button"
            onClick={() =>
              (expansion.value = expansion.value.all ? nothingExpanded : expandAll(reading.json))
            }
          >
            {expansion.value.all ? 'Fold' : 'Expand all'}
          </button>
        )}
      </div>
      {again > 0 && (
        <p class="remark warning">
          {plural(again, 'name occurs', 'names occur')} again in the same object: the last of each
          is shown here, all of them as text.
        </p>
      )}
      {inflated.value?.whole === false && (
        <p class="remark warning" role="status">
          {inflated.value.bytes.length > 0
            ? `Only ${byteAmount(inflated.value.bytes.length)} inflate: the end of the ${encoding} body is missing or broken.`
            : `The body is not valid ${encoding}: it could not be decompressed.`}
        </p>
      )}
      <FindInBody label={label} reading={reading} expansion={expansion} mode={mode}>
        <BodyContent
          reading={reading}
          mode={mode}
          field={field}
          expansion={expansion}
          partBody={(part, name, type) => <BodyView reading={part} label={name} header={type} />}
        />
      </FindInBody>
    </div>
  )
}
