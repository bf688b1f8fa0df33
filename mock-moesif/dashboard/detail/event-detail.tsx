import { useEffect, useRef } from 'preact/hooks'
import { useKeys } from '../controls/keys.ts'
import { address } from '../live/address.ts'
import { Compare } from '../compare/compare.tsx'
import { markOrCompare } from '../compare/mark.ts'
import { exactText } from '../body/body-view.tsx'
import { showingSentFields, SentFields } from '../privacy/sent-fields-view.tsx'
import { SendAgain } from '../send/send-again.tsx'
import { sendingAgain } from '../send/sending.ts'
import { ValueMenu } from '../value/value-menu.tsx'
import { closeDetail } from './close.ts'
import { copyRequest } from './copy-request.ts'
import { DetailHead } from './detail-head.tsx'
import { shapeOf } from '../captured/event-shape.ts'
import { Members, withAbsent } from './members.tsx'
import { MessageSide } from './message-side.tsx'
import { goToAdjacent } from './adjacent-events.ts'
import { record, recordProblem } from '../live/open-event.ts'
import { RemarkList, Remarks } from './remarks.tsx'

/** Everything there is to know of one event. */
export function EventDetail() {
  const pane = useRef<HTMLElement>(null)
  const event = record.value
  useKeys([
    { keys: ['['], run: () => event && void goToAdjacent(event, 'user', 'earlier') },
    { keys: [']'], run: () => event && void goToAdjacent(event, 'user', 'later') },
    { keys: ['{'], run: () => event && void goToAdjacent(event, 'batch', 'earlier') },
    { keys: ['}'], run: () => event && void goToAdjacent(event, 'batch', 'later') },
    { keys: ['d'], run: () => event && markOrCompare(event.id) },
    { keys: ['c'], run: () => void copyRequest('curl') },
    { keys: ['s'], run: () => event && (sendingAgain.value = event.id) },
    { keys: ['w'], run: () => (showingSentFields.value = !showingSentFields.peek()) },
    { keys: ['x'], run: () => (exactText.value = !exactText.peek()) },
  ])
  useEffect(() => {
    if (pane.current) pane.current.scrollTop = 0
  }, [event?.id])

  return (
    <aside ref={pane} class="detail" aria-label="Event" tabIndex={-1}>
      {recordProblem.value && (
        <div class="detail-problem">
          <p>{recordProblem.value}</p>
          <button type="button" onClick={closeDetail}>
            Close
          </button>
        </div>
      )}
      {event && (
        <>
          <DetailHead event={event} />
          <ValueMenu />
          {sendingAgain.value === event.id && <SendAgain key={event.id} event={event} />}
          {address.value.compare !== null ? (
            <Compare event={event} />
          ) : showingSentFields.value ? (
            <SentFields event={event} />
          ) : (
            <Whole key={event.id} />
          )}
        </>
      )}
    </aside>
  )
}

function Whole() {
  const event = record.value
  if (!event) return null
  const { request, response, rest } = shapeOf(event.event)
  const { findings } = event
  const members = withAbsent(rest, findings, '')
  return (
    <>
      <RemarkList findings={findings} />
      {members.length > 0 && (
        <section class="identity" aria-label="Identity">
          <Members members={members} pointer="" findings={findings} />
        </section>
      )}
      <div class="sides">
        <MessageSide side="request" message={request} findings={findings} />
        {response ? (
          <MessageSide side="response" message={response} findings={findings} />
        ) : (
          <section class="side" aria-label="Response">
            <header class="side-head">
              <h3>Response</h3>
            </header>
            <p class="faint">The event has none: the exchange ended before an answer.</p>
            <Remarks findings={findings} pointer="/response" deep />
          </section>
        )}
      </div>
    </>
  )
}
