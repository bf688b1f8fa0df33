import { Link } from '../controls/link.tsx'
import { plural } from '../text/format.ts'
import { capturingOff } from '../live/gateway.ts'
import { session } from '../live/session.ts'
import { switchAllOff } from '../faults/change.ts'
import { describeFault } from '../faults/describe.ts'

/** Warnings that are shown on every view. */
export function Banners() {
  const active = session.faults.value
  const [first] = active
  return (
    <div class="banners" role="status">
      {session.connection.value === 'lost' && (
        <p class="banner bad">
          <b>Disconnected.</b> The mock does not answer; what is shown stays, and is brought up to
          date when it is back.
        </p>
      )}
      {capturingOff.value && (
        <p class="banner bad">
          <b>Capturing is off:</b> the plugin refused its options.
          <Link to={{ view: 'gateway' }}>See the gateway</Link>
        </p>
      )}
      {first && (
        <p class="banner warning">
          <b>{plural(active.length, 'fault')} active:</b> {describeFault(first).effect}
          {active.length > 1 && ', …'}
          <Link to={{ view: 'faults' }}>Show</Link>
          <button type="button" class="link" onClick={() => void switchAllOff()}>
            Switch off
          </button>
        </p>
      )}
    </div>
  )
}
