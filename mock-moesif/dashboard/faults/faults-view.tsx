import type { Fault } from '#mock-moesif/client/index.ts'
import { Table } from '../controls/table.tsx'
import { shortClock } from '../text/format.ts'
import { session } from '../live/session.ts'
import { switchOff, switchOn } from './change.ts'
import { describeFault } from './describe.ts'
import { FaultForm } from './fault-form.tsx'
import { presets } from './presets.ts'

/** Makes the collector misbehave, to see what the gateway makes of it. */
export function FaultsView() {
  const active = session.faults.value
  return (
    <main class="page faults" aria-label="Faults">
      <section class="card">
        <h2>Active</h2>
        {active.length === 0 ? (
          <p class="faint">None: the collector answers as Moesif does.</p>
        ) : (
          <Table heads={['Fault', 'Holds for', ['Hits', 'numeric'], 'Until', ['Remove', 'unseen']]}>
            {active.map((fault) => (
              <FaultRow key={fault.id} fault={fault} />
            ))}
          </Table>
        )}
      </section>
      <section class="card">
        <h2>Switch on</h2>
        <div class="presets">
          {presets.map(({ title, what, spec }) => (
            <button key={title} type="button" onClick={() => void switchOn(spec)}>
              <b>{title}</b>
              <span>{what}</span>
            </button>
          ))}
        </div>
      </section>
      <section class="card">
        <h2>Your own</h2>
        <FaultForm />
      </section>
    </main>
  )
}

function FaultRow({ fault }: { fault: Fault }) {
  const { effect, scope } = describeFault(fault)
  return (
    <tr>
      <th scope="row">{effect}</th>
      <td>{scope}</td>
      <td class="mono numeric">{fault.hits}</td>
      <td class="mono">{fault.expiresAt === null ? 'removed' : shortClock(fault.expiresAt)}</td>
      <td class="numeric">
        <button
          type="button"
          aria-label={`Remove: ${effect}`}
          onClick={() => void switchOff(fault.id)}
        >
          Remove
        </button>
      </td>
    </tr>
  )
}
