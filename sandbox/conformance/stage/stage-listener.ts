import { setTimeout as sleep } from 'node:timers/promises'
import type { ApplicationClient, CapturedEvent } from '#mock-moesif/index.ts'
import { ConditionNotMet, until } from '../../until.ts'
import type { Connections } from './connections.ts'
import { isOfExchange, type Answer, type Exchange } from './exchange.ts'
import type { EventTimeout } from './event-timeout.ts'
import { send } from './send.ts'
import type { Upstream } from './upstream.ts'

/** After this a request counts as unanswered; then the next ones get less time. */
const ANSWER_WITHIN_MS = 10_000
const NEXT_ANSWER_WITHIN_MS = 1_500
/** Wait after the last expected event, for events that should not come. */
const SETTLE_MS = 450
const POLL_MS = 50

interface Parts {
  connections: Connections
  upstream: Upstream
  eventTimeout: EventTimeout
}

/** A listener of Envoy, and what the collector has of its application. */
export class StageListener {
  readonly name: string
  readonly url: string
  readonly application: ApplicationClient
  readonly #parts: Parts
  #timeoutMs = ANSWER_WITHIN_MS

  constructor(name: string, url: string, application: ApplicationClient, parts: Parts) {
    this.name = name
    this.url = url
    this.application = application
    this.#parts = parts
  }

  async send(exchange: Exchange): Promise<Answer> {
    const { connections, upstream } = this.#parts
    if (exchange.response) upstream.script(exchange.name, exchange.response)
    const steps = upstream.steps(exchange.name)
    const answer = await send(this.url, exchange, {
      connections,
      steps,
      timeoutMs: this.#timeoutMs,
    })
    if (answer.status === 0 && !exchange.request?.leaves && answer.totalMs >= this.#timeoutMs)
      this.#timeoutMs = NEXT_ANSWER_WITHIN_MS
    return answer
  }

  /** Sends the same exchange `count` times, a few at once. */
  async sendMany(
    name: string,
    count: number,
    { atOnce = 8, request = {} }: { atOnce?: number; request?: Exchange['request'] } = {},
  ): Promise<Answer[]> {
    const answers: Answer[] = []
    let next = 0
    const client = async (): Promise<void> => {
      while (next < count) {
        const path = `/${++next}${request.path ?? ''}`
        answers.push(await this.send({ name, request: { ...request, path } }))
      }
    }
    await Promise.all(Array.from({ length: atOnce }, client))
    return answers
  }

  /** Waits until `atLeast` of the requests that `sendMany` made have an event. */
  async numbered(atLeast: number): Promise<CapturedEvent[]> {
    return await this.#eventsUntil((events) => different(events) >= atLeast, atLeast > 0)
  }

  /**
   * Waits until each of these exchanges has an event, within the event timeout, and shortly for further ones.
   * Resolves with all events that the collector has.
   */
  async eventsOf(names: readonly string[]): Promise<CapturedEvent[]> {
    return await this.#eventsUntil(
      (events) => names.every((name) => events.some(({ uri }) => isOfExchange(uri, name))),
      names.length > 0,
    )
  }

  async #eventsUntil(
    met: (events: readonly CapturedEvent[]) => boolean,
    expected: boolean,
  ): Promise<CapturedEvent[]> {
    const { eventTimeout } = this.#parts
    let events: CapturedEvent[] = []
    let received = 0
    const areMet = async () => {
      const now = await this.application.counts()
      if (now.received !== received) events = await this.application.events()
      received = now.received
      return met(events)
    }
    await until(areMet, {
      what: 'The events did not come',
      timeoutMs: eventTimeout.eventsMs,
      everyMs: POLL_MS,
    }).catch((error: unknown) => {
      // The sentences say what is missing.
      if (!(error instanceof ConditionNotMet)) throw error
    })
    if (events.length === 0) {
      if (expected) eventTimeout.missed()
      return events
    }
    eventTimeout.met()
    await sleep(SETTLE_MS)
    return await this.application.events()
  }
}

const different = (events: readonly CapturedEvent[]): number =>
  new Set(events.map(({ uri }) => uri)).size
