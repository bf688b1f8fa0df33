import { type ReadonlySignal, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { Pairs } from '../controls/pairs.tsx'
import { visible } from '../text/captured-text.tsx'
import { bytes as byteAmount } from '../text/format.ts'
import { ValueText } from '../value/value-text.tsx'
import { hexDump, toBase64 } from '../captured/body-bytes.ts'
import { type Expansion, fieldOf, JsonTree } from './json-tree.tsx'
import { markupLines } from '../captured/markup.ts'
import type { Multipart } from '../captured/multipart.ts'
import { type BodyMode, type BodyReading, readBytes } from '../captured/read-body.ts'

const textLimit = 20_000
const hexLimit = 8192
const linesLimit = 2000

/** A part is a body of its own: whoever shows bodies shows it. */
export type PartBody = (reading: BodyReading, label: string, header: string) => ComponentChildren

export function BodyContent(props: {
  reading: BodyReading
  mode: BodyMode
  field: string | null
  expansion: ReadonlySignal<Expansion>
  /** How a part of a multipart body is shown. */
  partBody: PartBody
}) {
  const { reading, mode, field, expansion, partBody } = props
  // Text that is searched is shown whole.
  const searched = expansion.value.text && Infinity
  switch (mode) {
    case 'json':
      return <JsonTree value={reading.json} field={field} expansion={expansion} />
    case 'graphql':
      return (
        <GraphQl
          json={reading.json as Record<string, unknown>}
          field={field}
          expansion={expansion}
        />
      )
    case 'form':
      return <Form fields={reading.form ?? []} />
    case 'parts':
      return reading.parts ? <Parts multipart={reading.parts} partBody={partBody} /> : null
    case 'markup':
      return <Markup text={reading.text ?? ''} found={expansion.value.text} />
    case 'image':
      return <Picture reading={reading} />
    case 'hex':
      return (
        <Text text={hexDump(reading.bytes, Infinity)} limit={searched || hexLimit * 5} columns />
      )
    case 'base64':
      return <Text text={toBase64(reading.bytes)} limit={textLimit} />
    default:
      return <Text text={reading.text ?? ''} limit={searched || textLimit} />
  }
}

/** @param columns lines are not wrapped: what stands below each other belongs together */
function Text({ text, limit, columns }: { text: string; limit: number; columns?: boolean }) {
  const whole = useSignal(false)
  const cut = !whole.value && text.length > limit
  return (
    <>
      <pre class={columns ? 'block columns' : 'block'} tabIndex={0}>
        {visible(cut ? text.slice(0, limit) : text, true)}
      </pre>
      {cut && (
        <button type="button" class="link" onClick={() => (whole.value = true)}>
          Show all {byteAmount(text.length)}
        </button>
      )}
    </>
  )
}

function GraphQl(props: {
  json: Record<string, unknown>
  field: string | null
  expansion: ReadonlySignal<Expansion>
}) {
  const { json, field, expansion } = props
  const { query, ...rest } = json
  return (
    <>
      <pre class="block" tabIndex={0}>
        {visible(String(query), true)}
      </pre>
      {Object.entries(rest).map(([name, value]) => (
        <JsonTree
          key={name}
          name={name}
          value={value}
          field={field === null ? null : fieldOf(field, name)}
          expansion={expansion}
        />
      ))}
    </>
  )
}

function Form({ fields }: { fields: [name: string, value: string][] }) {
  return (
    <Pairs
      entries={fields.map(([name, value]) => [
        name,
        <ValueText value={value} text={value} field={null} />,
      ])}
    />
  )
}

function Parts({ multipart, partBody }: { multipart: Multipart; partBody: PartBody }) {
  return (
    <>
      {multipart.parts.map((part, index) => {
        const header =
          part.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
        const title = part.name || `part ${index + 1}`
        return (
          <section key={index} class="part" aria-label={title}>
            <h5 class="mono">
              {visible(title)}{' '}
              {part.fileName && <span class="faint">{visible(part.fileName)}</span>}
            </h5>
            <Pairs entries={part.headers} />
            {part.bytes.length === 0 ? (
              <p class="faint">Empty.</p>
            ) : (
              partBody(readBytes(part.bytes, header), title, header)
            )}
          </section>
        )
      })}
      {!multipart.whole && (
        <p class="remark warning">The closing boundary is missing: the rest was not captured.</p>
      )}
    </>
  )
}

function Markup({ text, found }: { text: string; found: string }) {
  const lines = useMemo(() => markupLines(text), [text])
  const limit = useSignal(linesLimit)
  // The lines that are searched for stand in their place among the others, however many come before.
  const shown = lines.filter(
    ({ tokens }, index) =>
      index < limit.value ||
      (found && tokens.some((token) => token.text.toLowerCase().includes(found.toLowerCase()))),
  )
  return (
    <>
      <div class="block markup" tabIndex={0} role="group" aria-label="Markup">
        {shown.map(({ depth, tokens }, index) => (
          <div key={index} style={{ paddingLeft: `${Math.min(depth, 20) * 1.2}em` }}>
            {tokens.map((token, at) => (
              <span key={at} class={`markup-${token.kind}`}>
                {visible(token.text, true)}
              </span>
            ))}
          </div>
        ))}
      </div>
      {lines.length > shown.length && (
        <button type="button" class="link" onClick={() => (limit.value = Infinity)}>
          Show all {lines.length} lines
        </button>
      )}
    </>
  )
}

function Picture({ reading }: { reading: BodyReading }) {
  const url = useSignal('')
  const size = useSignal('')
  const broken = useSignal(false)
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([reading.bytes], { type: reading.image ?? '' }))
    url.value = made
    broken.value = false
    return () => URL.revokeObjectURL(made)
  }, [reading])
  if (broken.value)
    return (
      <>
        <p class="remark warning">This is not a whole {reading.image}: it cannot be shown.</p>
        <Text text={hexDump(reading.bytes, Infinity)} limit={hexLimit * 5} columns />
      </>
    )
  if (!url.value) return null
  return (
    <figure class="picture">
      <img
        src={url.value}
        alt={`Captured image ${size.value}`}
        onError={() => (broken.value = true)}
        onLoad={({ currentTarget: image }) =>
          (size.value = `${image.naturalWidth} × ${image.naturalHeight}`)
        }
      />
      <figcaption class="faint">
        {reading.image} {size.value}
      </figcaption>
    </figure>
  )
}
