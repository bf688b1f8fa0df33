import type { RequestRecord } from '#mock-moesif/client/index.ts'
import { BodyView } from '../body/body-view.tsx'
import { readText } from '../captured/read-body.ts'
import { Pairs } from '../controls/pairs.tsx'
import { visible } from '../text/captured-text.tsx'
import { Answer } from './answer.tsx'
import { showPosted } from './batch-events.tsx'

/** What the collector answered, word for word, and what it says is wrong with each event. */
export function AnswerCard({ request }: { request: RequestRecord }) {
  const { answer, answered } = request
  if (!answered) return null
  const { headers, body, isWhole, problems } = answered
  const type = headers['content-type'] ?? ''
  return (
    <section class="card" aria-label="Answer">
      <h2>
        Answer <Answer answer={answer} />
      </h2>
      {problems.length > 0 && (
        <ul class="remark-list">
          {problems.map(({ event, pointer, message }) => (
            <li key={event + pointer + message} class="error">
              <button
                type="button"
                class="link mono"
                disabled={event === null}
                onClick={() => showPosted(event)}
              >
                {event !== null && `event ${event} `}
                {visible(pointer)}
              </button>{' '}
              {visible(message)}
            </li>
          ))}
        </ul>
      )}
      {body !== '' && <BodyView reading={readText(body, type)} label="Answer" header={type} />}
      {!isWhole && <p class="remark warning">Only its start is kept.</p>}
      <Pairs entries={Object.entries(headers)} />
    </section>
  )
}
