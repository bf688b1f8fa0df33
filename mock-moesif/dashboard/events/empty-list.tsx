import { go, address } from '../live/address.ts'
import { gateway } from '../live/gateway.ts'
import { queryProblems } from '../live/query-problems.ts'
import { session } from '../live/session.ts'
import { copy } from '../copy/clipboard.ts'

/** What to do next when the list has no rows. */
export function EmptyList() {
  const { problem, loaded, matching, query: asked } = session.list
  const understood = queryProblems(asked).length === 0
  if (problem.value) {
    return (
      <div class="empty in-list">
        <div>
          <h2>{understood ? 'The list could not be read' : 'This query is not understood'}</h2>
          <p>{problem.value}</p>
        </div>
      </div>
    )
  }
  if (!loaded.value || matching.value.events > 0) return null
  const { query } = address.value
  return <div class="empty in-list">{query ? <NoMatch query={query} /> : <FirstSteps />}</div>
}

function NoMatch({ query }: { query: string }) {
  return (
    <div>
      <h2>No event matches</h2>
      <p class="mono">{query}</p>
      <p>What matches will appear here as it arrives.</p>
      <button type="button" onClick={() => go({ query: '', off: [] })}>
        Clear the query
      </button>
    </div>
  )
}

const sample = `'[{"request":{"time":"'$(date -u +%FT%TZ)'","verb":"GET","uri":"https://api.example.com/hello","headers":{},"ip_address":"192.0.2.1"},"response":{"time":"'$(date -u +%FT%TZ)'","status":200,"headers":{}}}]'`

function FirstSteps() {
  const listener = gateway.value?.listenerUrl
  const line = listener
    ? `curl ${listener.replace(/\/$/, '')}/hello`
    : `curl ${location.origin}/v1/events/batch \\\n  -H 'X-Moesif-Application-Id: my-app' -H 'Content-Type: application/json' \\\n  -d ${sample}`
  return (
    <div>
      <h2>Waiting for the first event</h2>
      <p>
        {listener
          ? 'Send a request through the gateway:'
          : 'Point a Moesif client at this address, or post an event:'}
      </p>
      <pre class="block">{line}</pre>
      <button type="button" onClick={() => void copy(line, 'the command')}>
        Copy
      </button>
    </div>
  )
}
