import type { Forward } from '#mock-moesif/client/index.ts'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { attempt, notify } from '../live/notices.ts'
import { ask } from '../wire/mock.ts'
import { reconnects } from '../wire/reconnects.ts'
import { anyApplication } from './applications.ts'

/** Passes what arrives on to another collector, such as the real one. */
export function ForwardCard({ application }: { application: string }) {
  const targets = useSignal<Forward[]>([])
  const read = async () => {
    const answer = await attempt('Reading where events go', () => ask('GET /_mock/forward', {}))
    if (answer) targets.value = answer
  }
  useEffect(() => void read(), [reconnects.value])
  const start = async (form: FormData) => {
    const url = String(form.get('url'))
    const forwardAs = String(form.get('forwardAs'))
    await attempt('Forwarding', async () => {
      await ask('PUT /_mock/forward', { query: { app: application }, body: { url, forwardAs } })
      notify('New events are forwarded from now on')
    })
    await read()
  }
  const stop = async (id: string) => {
    await attempt('Stopping', () => ask('DELETE /_mock/forward', { query: { app: id } }))
    await read()
  }
  return (
    <section class="card">
      <h2>Forward</h2>
      {targets.value.map(({ applicationId, url }) => (
        <p key={applicationId} class="row-card">
          <span>
            <span class="mono">{named(applicationId)}</span> → <span class="mono">{url}</span>
          </span>
          <button type="button" onClick={() => void stop(applicationId)}>
            Stop forwarding
          </button>
        </p>
      ))}
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void start(new FormData(event.currentTarget))
        }}
      >
        <label class="wide-field">
          Collector
          <input name="url" type="url" required class="mono" placeholder="https://api.moesif.net" />
        </label>
        <label>
          Its application id
          <input name="forwardAs" required class="mono" autocomplete="off" />
        </label>
        <button type="submit" class="primary">
          Forward {named(application)}
        </button>
      </form>
    </section>
  )
}

function named(application: string): string {
  return application === anyApplication ? 'every application' : application
}
