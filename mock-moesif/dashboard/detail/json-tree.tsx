import { useSignal } from '@preact/signals'

const atOnce = 100

/** A JSON value, folded below the second level; what is folded or beyond the first hundred is not built until asked for. */
export function JsonTree({
  value,
  name,
  depth = 0,
}: {
  value: unknown
  name?: string
  depth?: number
}) {
  const open = useSignal(depth < 2)
  const limit = useSignal(atOnce)
  if (typeof value !== 'object' || value === null) {
    return (
      <div class="leaf">
        <Name name={name} />
        <Leaf value={value} />
      </div>
    )
  }
  const list = Array.isArray(value)
  const entries: [string, unknown][] = Object.entries(value)
  if (entries.length === 0) {
    return (
      <div class="leaf">
        <Name name={name} />
        <span class="faint">{list ? '[ ]' : '{ }'}</span>
      </div>
    )
  }
  return (
    <details
      class="branch"
      open={open.value}
      onToggle={(event) => (open.value = event.currentTarget.open)}
    >
      <summary>
        <Name name={name} />
        <span class="faint">
          {list ? `[${entries.length}]` : `{${entries.length}}`}
          {open.value ? '' : ` ${preview(value)}`}
        </span>
      </summary>
      {open.value && (
        <div class="members">
          {entries.slice(0, limit.value).map(([key, member]) => (
            <JsonTree key={key} name={key} value={member} depth={depth + 1} />
          ))}
          {entries.length > limit.value && (
            <button type="button" class="link" onClick={() => (limit.value += atOnce * 10)}>
              {entries.length - limit.value} more
            </button>
          )}
        </div>
      )}
    </details>
  )
}

function Name({ name }: { name: string | undefined }) {
  return name === undefined ? null : <span class="json-name">{name}: </span>
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === 'string') return <span class="json-string">{JSON.stringify(value)}</span>
  return <span class={`json-${value === null ? 'null' : typeof value}`}>{String(value)}</span>
}

function preview(value: object): string {
  const keys = Array.isArray(value) ? [] : Object.keys(value)
  return keys.slice(0, 4).join(', ') + (keys.length > 4 ? ', …' : '')
}
