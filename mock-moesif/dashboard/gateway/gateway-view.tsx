import { balance, droppedInAll, eventSums, type Gateway } from '#mock-moesif/client/index.ts'
import { Figure } from '../controls/figure.tsx'
import { Pairs } from '../controls/pairs.tsx'
import { Empty } from '../controls/empty.tsx'
import { amount } from '../text/format.ts'
import { capturingOff, gateway } from '../live/gateway.ts'
import { asText } from '../captured/event-shape.ts'
import { CountersOverTime } from './counters-over-time.tsx'
import { GatewayLog } from './gateway-log.tsx'

/** The Envoy in front, as the sandbox and Envoy itself describe it. */
export function GatewayView() {
  const known = gateway.value
  if (known === undefined) return <main class="page" aria-busy="true" aria-label="Gateway" />
  if (known === null) {
    return (
      <Empty title="No gateway is configured">
        <p>
          This mock was started without a gateway. The sandbox starts both, and shows its Envoy
          here:
        </p>
        <pre class="block">npm start</pre>
      </Empty>
    )
  }
  return (
    <main class="page gateway" aria-label="Gateway">
      {capturingOff.value && (
        <div class="callout bad" role="alert">
          <b>Capturing is off: the plugin refused its options.</b> Traffic passes untouched and no
          event is sent. Envoy’s log names the option, its value and what was expected.
        </div>
      )}
      {!known.reachable && (
        <div class="callout warning" role="alert">
          <b>Envoy’s admin does not answer</b> at {known.adminUrl}: what the plugin counted is not
          known.
        </div>
      )}
      {known.reachable && <Sum counters={known.counters} />}
      {known.reachable && <CountersOverTime />}
      <div class="cards">
        <Facts known={known} />
        <Options known={known} />
        {known.reachable && <Counters counters={known.counters} />}
      </div>
      <GatewayLog />
    </main>
  )
}

function Sum({ counters }: { counters: Record<string, number> }) {
  const sum = eventSums(counters)
  const dropped = droppedInAll(sum)
  const difference = balance(sum)
  return (
    <section class="sum" aria-label="Where the captured events are">
      <Figure name="captured" value={amount(sum.captured)} />
      <span class="operator">=</span>
      <Figure name="sent" value={amount(sum.sent)} tone="good" />
      <span class="operator">+</span>
      <Figure name="unconfirmed" value={amount(sum.unconfirmed)} />
      <span class="operator">+</span>
      <Figure name="dropped" value={amount(dropped)} {...(dropped > 0 && { tone: 'bad' })} />
      <span class="operator">+</span>
      <Figure name="sampled out" value={amount(sum.sampledOut)} />
      <span class="operator">+</span>
      <Figure name="pending" value={amount(sum.pending)} />
      <p class={difference === 0 ? 'faint' : 'off'}>
        {difference === 0
          ? 'Every captured event is accounted for.'
          : `${amount(Math.abs(difference))} ${difference > 0 ? 'not yet accounted for' : 'too many'}: workers report in turn, so wait a moment.`}
      </p>
      {dropped > 0 && (
        <ul class="reasons" aria-label="Dropped, by reason">
          {Object.entries(sum.dropped).map(([reason, count]) => (
            <li key={reason}>
              <b class="mono">{amount(count)}</b> {reason.replaceAll('_', ' ')}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Facts({ known }: { known: Gateway }) {
  return (
    <section class="card">
      <h2>Envoy</h2>
      <Pairs
        entries={[
          ['version', known.envoyVersion ?? 'unknown'],
          ['listener', <Link url={known.listenerUrl} />],
          ['admin', <Link url={known.adminUrl} />],
        ]}
      />
    </section>
  )
}

function Link({ url }: { url: string }) {
  if (!/^https?:\/\//.test(url)) return <>{url}</>
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {url}
    </a>
  )
}

function Options({ known }: { known: Gateway }) {
  const entries = Object.entries(known.options)
  return (
    <section class="card">
      <h2>Options of the plugin</h2>
      <Pairs entries={entries.map(([name, value]) => [name, asText(value)])} />
      {entries.length === 0 && (
        <p class="faint">{known.reachable ? 'All at their defaults.' : 'Not known.'}</p>
      )}
    </section>
  )
}

function Counters({ counters }: { counters: Record<string, number> }) {
  const entries = Object.entries(counters).filter(([name]) => !name.startsWith('moesif_events_'))
  return (
    <section class="card">
      <h2>Delivery</h2>
      <Pairs entries={entries.map(([name, value]) => [name, amount(value)])} />
      {entries.length === 0 && <p class="faint">No counter of the plugin yet.</p>}
    </section>
  )
}
