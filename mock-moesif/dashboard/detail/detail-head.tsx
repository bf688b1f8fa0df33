import type { EventRecord } from '#mock-moesif/client/index.ts'
import { marked } from '../live/cursor.ts'
import { arrivalOnly, Method, missingStatus, Status } from '../controls/badges.tsx'
import { markOrCompare } from '../compare/mark.ts'
import { CapturedText } from '../text/captured-text.tsx'
import { LongText } from '../text/long-text.tsx'
import { bytes, duration, eventClock } from '../text/format.ts'
import { asAssertion } from '../copy/as-assertion.ts'
import { copy } from '../copy/clipboard.ts'
import { closeDetail } from './close.ts'
import { copyRequest } from './copy-request.ts'
import { Link } from '../controls/link.tsx'
import { Menu } from '../controls/menu.tsx'
import { showingSentFields } from '../privacy/sent-fields-view.tsx'
import { sendingAgain } from '../send/sending.ts'
import { goToAdjacent, type Relation } from './adjacent-events.ts'

export function DetailHead({ event }: { event: EventRecord }) {
  return (
    <header class="detail-head">
      <div class="detail-title">
        <span class={`verdict ${event.verdict}`}>{event.verdict}</span>
        <Method verb={event.verb} />
        <Status status={event.status} missing={missingStatus(event)} />
        <h2 class="mono">Event {event.id}</h2>
        <button
          type="button"
          class="quiet icon"
          aria-label="Close the event"
          title="Esc"
          onClick={closeDetail}
        >
          ×
        </button>
      </div>
      <dl class="facts">
        <Fact name="Time">
          <span title={arrivalOnly(event)}>{eventClock(event)}</span>
        </Fact>
        <Fact name="Took">{duration(event.durationMs)}</Fact>
        <Fact name="Size">{bytes(event.size)}</Fact>
        <Fact name="App">
          <LongText text={event.applicationId} />
        </Fact>
        <Fact name="Batch">
          <Link to={{ view: 'batches', batch: event.batchId }}>{event.batchId}</Link>
        </Fact>
        {event.userId !== null && (
          <Fact name="User">
            <Person kind="user" id={event.userId} />
          </Fact>
        )}
        {event.companyId !== null && (
          <Fact name="Company">
            <Person kind="company" id={event.companyId} />
          </Fact>
        )}
        {event.weight !== 1 && <Fact name="Weight">{event.weight}</Fact>}
        {event.blockedBy !== null && (
          <Fact name="Blocked by">
            <Link
              to={{ view: 'rules', rule: event.blockedBy, app: event.applicationId, event: null }}
            >
              <CapturedText text={event.blockedBy} />
            </Link>
          </Fact>
        )}
        {event.duplicateOf !== null && (
          <Fact name="Repeats">
            <Link to={{ event: event.duplicateOf, compare: null }}>event {event.duplicateOf}</Link>
          </Fact>
        )}
      </dl>
      <div class="actions" role="toolbar" aria-label="This event">
        <button
          type="button"
          class="primary"
          title="s"
          onClick={() => (sendingAgain.value = event.id)}
        >
          Send again…
        </button>
        <Link
          class="button"
          to={{ view: 'rules', app: event.applicationId, try: event.id, event: null }}
        >
          Try rules
        </Link>
        <Menu label="Copy ▾" closing>
          <button type="button" onClick={() => void copyRequest('curl')}>
            Copy curl
          </button>
          <button type="button" onClick={() => void copyRequest('fetch')}>
            Copy fetch
          </button>
          <button
            type="button"
            onClick={() => void copy(JSON.stringify(event.event, null, 2), 'as JSON')}
          >
            Copy JSON
          </button>
          <button type="button" onClick={() => void copy(asAssertion(event), 'as an assertion')}>
            Copy assertion
          </button>
        </Menu>
        <button
          type="button"
          aria-pressed={showingSentFields.value}
          title="w"
          onClick={() => (showingSentFields.value = !showingSentFields.value)}
        >
          What left
        </button>
        <a class="button" href={`/_mock/events/${event.id}/raw`} target="_blank" rel="noreferrer">
          Raw
        </a>
        <button
          type="button"
          aria-pressed={marked.value === event.id}
          title="d"
          onClick={() => markOrCompare(event.id)}
        >
          {marked.value === null || marked.value === event.id
            ? 'Compare…'
            : `Compare with ${marked.value}`}
        </button>
        <Steps event={event} relation="user" />
        <Steps event={event} relation="batch" />
      </div>
    </header>
  )
}

function Person({ kind, id }: { kind: 'user' | 'company'; id: string }) {
  return (
    <Link title="Profile, events, rules" to={{ view: 'people', kind, person: id, event: null }}>
      <CapturedText text={id} />
    </Link>
  )
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="mono">{children}</dd>
    </div>
  )
}

function Steps({ event, relation }: { event: EventRecord; relation: Relation }) {
  const keys = relation === 'user' ? '[ ]' : '{ }'
  return (
    <span class="steps" role="group" aria-label={`Events of the same ${relation}`}>
      <button
        type="button"
        aria-label={`Earlier event of the same ${relation}`}
        title={keys}
        disabled={relation === 'user' && event.userId === null}
        onClick={() => void goToAdjacent(event, relation, 'earlier')}
      >
        ‹
      </button>
      <span class="faint">{relation}</span>
      <button
        type="button"
        aria-label={`Later event of the same ${relation}`}
        title={keys}
        disabled={relation === 'user' && event.userId === null}
        onClick={() => void goToAdjacent(event, relation, 'later')}
      >
        ›
      </button>
    </span>
  )
}
