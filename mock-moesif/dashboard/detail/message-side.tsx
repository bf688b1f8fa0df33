import type { Finding } from '#mock-moesif/client/index.ts'
import { Method, Status } from '../controls/badges.tsx'
import { MessageBody } from '../body/body-view.tsx'
import type { Message } from '../captured/event-shape.ts'
import { LongText } from '../text/long-text.tsx'
import { Headers } from './headers.tsx'
import { Members, withAbsent } from './members.tsx'
import { rawText } from '../live/raw-event.ts'
import { Remarks } from './remarks.tsx'
import { UriParts } from './uri-parts.tsx'

/** One half of the exchange, all of it. */
export function MessageSide(props: {
  side: 'request' | 'response'
  message: Message
  findings: Finding[]
}) {
  const { side, message, findings } = props
  const title = side === 'request' ? 'Request' : 'Response'
  return (
    <section class="side" aria-label={title}>
      <header class="side-head">
        <h3>{title}</h3>
        {side === 'request' ? (
          <LongText text={message.verb ?? ''}>
            <Method verb={message.verb} />
          </LongText>
        ) : (
          <Status status={message.status} missing="" />
        )}
      </header>
      <Remarks findings={findings} pointer={`/${side}`} />
      <Remarks findings={findings} pointer={`/${side}/${side === 'request' ? 'verb' : 'status'}`} />
      {side === 'request' && <UriParts uri={message.uri} />}
      {side === 'request' && <Remarks findings={findings} pointer="/request/uri" />}
      <Members
        members={withAbsent(message.rest, findings, `/${side}`)}
        pointer={`/${side}`}
        findings={findings}
      />
      <Headers headers={message.headers} side={side} findings={findings} />
      <section class="body-section">
        <h4>Body</h4>
        <Remarks findings={findings} pointer={`/${side}/body`} deep />
        <Remarks findings={findings} pointer={`/${side}/transfer_encoding`} />
        <MessageBody message={message} side={side} raw={rawText()} />
      </section>
    </section>
  )
}
