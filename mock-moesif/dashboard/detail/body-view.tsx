import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { bytes as byteAmount } from '../live/format.ts'
import { fromBase64, hexDump, imageType, inflate, toText } from './body-bytes.ts'
import { asText, headerOf, type Message } from './event-shape.ts'
import { JsonTree } from './json-tree.tsx'
import { Tabs } from './tabs.tsx'

type Mode = 'tree' | 'text' | 'hex' | 'image' | 'base64'

const titles: Record<Mode, string> = {
  tree: 'JSON',
  text: 'Text',
  hex: 'Hex',
  image: 'Image',
  base64: 'Base64',
}
const textLimit = 20_000
const hexLimit = 8192

interface Reading {
  modes: Mode[]
  json?: unknown
  text: string | null
  bytes: Uint8Array<ArrayBuffer>
  image: string | null
}

/** A body as JSON, text, hex or image: whatever it can be read as, the most telling first. */
export function BodyView({ message, label }: { message: Message; label: string }) {
  const { body, transferEncoding } = message
  const chosen = useSignal<Mode | null>(null)
  const inflated = useSignal<Uint8Array<ArrayBuffer> | null>(null)
  const encoding = headerOf(message, 'content-encoding').trim().toLowerCase()
  const reading = useMemo(
    () => read(body, transferEncoding, inflated.value),
    [body, transferEncoding, inflated.value],
  )
  useEffect(() => {
    inflated.value = null
  }, [body])
  if (body === undefined || body === null || body === '')
    return <p class="faint">No body was captured.</p>

  const mode =
    chosen.value && reading.modes.includes(chosen.value)
      ? chosen.value
      : (reading.modes[0] ?? 'text')
  const packed =
    transferEncoding === 'base64' && /^(gzip|deflate)$/.test(encoding) && inflated.value === null
  return (
    <div class="body">
      <div class="body-bar">
        <Tabs
          label={`${label} body as`}
          options={reading.modes.map((name) => [name, titles[name]])}
          chosen={mode}
          onChoose={(name) => (chosen.value = name)}
        />
        <span class="faint">{byteAmount(reading.bytes.length)}</span>
        {packed && (
          <button
            type="button"
            class="link"
            onClick={async () => {
              const result = await inflate(reading.bytes, encoding)
              inflated.value = result ?? reading.bytes
              if (!result) chosen.value = 'hex'
            }}
          >
            Inflate {encoding}
          </button>
        )}
      </div>
      <Content reading={reading} mode={mode} raw={asText(body)} />
    </div>
  )
}

function Content({ reading, mode, raw }: { reading: Reading; mode: Mode; raw: string }) {
  if (mode === 'tree') return <JsonTree value={reading.json} />
  if (mode === 'image') return <Picture reading={reading} />
  if (mode === 'hex')
    return <LongText text={hexDump(reading.bytes, Infinity)} limit={hexLimit * 5} />
  return <LongText text={mode === 'base64' ? raw : (reading.text ?? raw)} limit={textLimit} />
}

function LongText({ text, limit }: { text: string; limit: number }) {
  const whole = useSignal(false)
  const cut = !whole.value && text.length > limit
  return (
    <>
      <pre class="block" tabIndex={0}>
        {cut ? text.slice(0, limit) : text}
      </pre>
      {cut && (
        <button type="button" class="link" onClick={() => (whole.value = true)}>
          Show all {byteAmount(text.length)}
        </button>
      )}
    </>
  )
}

function Picture({ reading }: { reading: Reading }) {
  const url = useSignal('')
  const size = useSignal('')
  const alternative = useComputed(() => `Captured image ${size.value}`)
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([reading.bytes], { type: reading.image ?? '' }))
    url.value = made
    return () => URL.revokeObjectURL(made)
  }, [reading])
  if (!url.value) return null
  return (
    <figure class="picture">
      <img
        src={url.value}
        alt={alternative.value}
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

function read(
  body: unknown,
  encoding: string | null,
  inflated: Uint8Array<ArrayBuffer> | null,
): Reading {
  if (encoding !== 'base64' || typeof body !== 'string') {
    const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2)
    const json = typeof body === 'string' ? parse(body) : body
    return {
      modes: json === undefined ? ['text', 'hex'] : ['tree', 'text', 'hex'],
      json,
      text,
      bytes: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
      image: null,
    }
  }
  const bytes = inflated ?? fromBase64(body)
  if (!bytes)
    return { modes: ['base64'], text: body, bytes: new TextEncoder().encode(body), image: null }
  const image = imageType(bytes)
  const text = toText(bytes)
  const json = text === null ? undefined : parse(text)
  const modes: Mode[] = ['hex', 'base64']
  if (text !== null) modes.unshift('text')
  if (json !== undefined) modes.unshift('tree')
  if (image) modes.unshift('image')
  return { modes, json, text, bytes, image }
}

/** Objects and arrays only: a bare number is better read as text. */
function parse(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
