import { useEffect, useRef } from 'preact/hooks'
import { Link } from '../controls/link.tsx'
import { address, type ViewName, views } from '../live/address.ts'
import { utc } from '../live/preferences.ts'
import { amount, zoneName } from '../text/format.ts'
import { session } from '../live/session.ts'
import { unsaved } from '../documents/drafts.ts'
import { helpOpen } from './help.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

export function TopBar() {
  const bar = useRef<HTMLElement>(null)
  // A narrow bar scrolls: what is open is in sight.
  useEffect(
    () =>
      bar.current
        ?.querySelector('[aria-current]')
        ?.scrollIntoView({ block: 'nearest', inline: 'center' }),
    [address.value.view, session.counts.value?.events, session.faults.value],
  )
  return (
    <header class="top-bar">
      <span class="brand">
        <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
          <rect width="16" height="16" rx="4" fill="currentColor" />
          <path d="M3.5 11.5V8.5M6.5 11.5V4.5M9.5 11.5V6.5M12.5 11.5V9.5" />
        </svg>
        <h1>
          Moesif <span>mock</span>
        </h1>
      </span>
      <nav ref={bar} aria-label="Views">
        {views.map((view, index) => (
          <Link
            key={view}
            class=""
            to={{ view }}
            aria-current={address.value.view === view ? 'page' : undefined}
            title={String(index + 1)}
          >
            {view.charAt(0).toUpperCase() + view.slice(1)}
            <Badge view={view} />
            {view === 'documents' && unsaved.value && <span class="badge warning">not saved</span>}
          </Link>
        ))}
      </nav>
      <span class="spacer" />
      <ConnectionState />
      <button
        type="button"
        class="quiet"
        aria-pressed={utc.value}
        title={`Times are ${zoneName()} (u)`}
        onClick={() => (utc.value = !utc.value)}
      >
        UTC
      </button>
      <ThemeSwitch />
      <button
        type="button"
        class="quiet icon"
        aria-label="Keys"
        title="?"
        onClick={() => (helpOpen.value = true)}
      >
        ?
      </button>
    </header>
  )
}

function Badge({ view }: { view: ViewName }) {
  const counts = {
    events: session.counts.value?.events ?? 0,
    batches: session.counts.value?.batches ?? session.batches.list.value.length,
    faults: session.faults.value.length,
  } as Partial<Record<ViewName, number>>
  const count = counts[view] ?? 0
  return count > 0 ? (
    <span class={view === 'faults' ? 'badge warning' : 'badge'}>{amount(count)}</span>
  ) : null
}

const states = { connecting: 'Connecting', live: 'Live', lost: 'Disconnected' }

function ConnectionState() {
  const state = session.connection.value
  const resting = state === 'live' && session.paused.value
  return (
    <span class={`connection ${resting ? 'paused' : state}`} role="status">
      <i aria-hidden="true" />
      {resting ? 'Paused' : states[state]}
    </span>
  )
}
