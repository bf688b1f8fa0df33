import type { FaultSpec } from '#mock-moesif/client/index.ts'
import { notify } from '../live/notices.ts'
import { switchOn } from './change.ts'
import { connectionWords } from './describe.ts'

export function FaultForm() {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        const form = event.currentTarget
        const spec = specFrom(new FormData(form))
        if (!doesSomething(spec))
          notify('Say what the fault does: a status, a delay, a connection or a rate', 'error')
        else void switchOn(spec).then((added) => added && form.reset())
      }}
    >
      <label>
        Status
        <input name="status" type="number" min="100" max="599" placeholder="503" />
      </label>
      <label>
        Retry-After
        <input name="retryAfter" placeholder="seconds or a date" />
      </label>
      <label>
        Delay, ms
        <input name="delayMs" type="number" min="0" placeholder="0" />
      </label>
      <label>
        Connection
        <select name="connection">
          <option value="">as usual</option>
          {Object.entries(connectionWords).map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label>
        Read, bytes/s
        <input name="throttleBytesPerSecond" type="number" min="1" placeholder="full speed" />
      </label>
      <label>
        Path
        <input name="route" class="mono" placeholder="/v1/events/*" />
      </label>
      <label>
        Application id
        <input name="applicationId" class="mono" placeholder="all" />
      </label>
      <label>
        Of requests, %
        <input name="percent" type="number" min="0" max="100" placeholder="100" />
      </label>
      <label>
        Only the next
        <input name="remaining" type="number" min="1" placeholder="all" />
      </label>
      <label>
        For, seconds
        <input name="seconds" type="number" min="1" placeholder="until removed" />
      </label>
      <button type="submit" class="primary">
        Switch on
      </button>
    </form>
  )
}

function specFrom(form: FormData): FaultSpec {
  const spec: FaultSpec = {}
  const text = (name: string) => String(form.get(name) ?? '').trim()
  for (const name of ['status', 'delayMs', 'throttleBytesPerSecond', 'remaining'] as const) {
    if (text(name)) spec[name] = Number(text(name))
  }
  for (const name of ['retryAfter', 'route', 'applicationId'] as const) {
    if (text(name)) spec[name] = text(name)
  }
  if (text('connection'))
    spec.connection = text('connection') as NonNullable<FaultSpec['connection']>
  if (text('percent')) spec.probability = Number(text('percent')) / 100
  if (text('seconds')) spec.expiresInMs = Number(text('seconds')) * 1000
  return spec
}

function doesSomething(spec: FaultSpec): boolean {
  return (
    spec.status !== undefined ||
    spec.delayMs !== undefined ||
    spec.connection !== undefined ||
    spec.throttleBytesPerSecond !== undefined
  )
}
