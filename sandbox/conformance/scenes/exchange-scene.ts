import type { CapturedEvent, MoesifEvent } from '#mock-moesif/index.ts'
import { sentenceAbout, type About, type Defaults } from '../about.ts'
import { defineScene, type Scene } from '../scene.ts'
import { isOfLevel, type Evidence } from '../sentence.ts'
import type { Setting } from '../stage/setting.ts'
import { isOfExchange, type Answer, type Exchange } from '../stage/exchange.ts'
import { Stage, type StageListeners, type EnvoyOfStage } from '../stage/stage.ts'
import type { Arrived } from '../stage/scripted-response.ts'

/** What is known of one exchange when it is judged. */
export interface Played {
  /** Of the listener. */
  url: string
  answer: Answer
  /** As the upstream got it. */
  arrived: Arrived | undefined
  /** Its event. Throws when none came. */
  readonly event: MoesifEvent
  /** Every event of it. */
  events: CapturedEvent[]
  /** The event as it was sent, byte for byte. */
  readonly raw: string
  logged: Evidence
  /** Another exchange of the scene. */
  of: (name: string) => Played
}

interface ExchangeWithSentences extends Exchange {
  /** Default: the first. */
  listener?: string
  /** No sentence is about its event, or there must be none: it is not waited for. */
  eventless?: boolean
  sentences: readonly About<Played>[]
}

export interface ExchangeScene extends Defaults {
  name: string
  listeners: StageListeners
  envoy?: EnvoyOfStage | ((setting: Setting) => EnvoyOfStage)
  exchanges: readonly ExchangeWithSentences[]
}

type Observed = ReadonlyMap<string, Played>

/** Exchanges through the listeners of one Envoy, one after the other, and sentences about the event of each. */
export function exchangeScene({
  name,
  listeners,
  envoy,
  exchanges,
  ...defaults
}: ExchangeScene): Scene {
  const sentences = exchanges.flatMap((exchange) =>
    exchange.sentences.map((about) =>
      sentenceAbout(
        { ...defaults, ...about },
        (observed: Observed) => observed.get(exchange.name)!,
        evidenceOf,
      ),
    ),
  )
  return defineScene<Observed>({
    name,
    sentences,
    observe: async (setting) => {
      const asked = exchanges.filter(
        ({ sentences: its }) =>
          its.length === 0 ||
          its.some((about) => isOfLevel({ ...defaults, ...about }, setting.level)),
      )
      return await play(setting, name, listeners, envoy, asked)
    },
  })
}

function evidenceOf({ events, logged }: Played): Evidence {
  const [first] = events
  return first ? { event: shortened(first.event) } : logged
}

async function play(
  setting: Setting,
  scene: string,
  listeners: StageListeners,
  envoy: ExchangeScene['envoy'],
  exchanges: readonly ExchangeWithSentences[],
): Promise<Observed> {
  const [first = ''] = Object.keys(listeners)
  const byListener = Map.groupBy(exchanges, ({ listener = first }) => listener)
  const asked = Object.fromEntries(
    Object.entries(listeners).filter(([listener]) => byListener.has(listener)),
  )
  const envoyOptions = typeof envoy === 'function' ? envoy(setting) : envoy
  await using stage = await Stage.start(setting, scene, asked, envoyOptions)
  const played = new Map<string, Played>()
  await Promise.all(
    Array.from(byListener, async ([name, itsExchanges]) => {
      const listener = stage.listener(name)
      const answers = new Map<string, Answer>()
      for (const exchange of itsExchanges) answers.set(exchange.name, await listener.send(exchange))
      const awaited = itsExchanges.filter(({ eventless }) => !eventless)
      const events = await listener.eventsOf(awaited.map((exchange) => exchange.name))
      for (const exchange of itsExchanges) {
        const own = events.filter(({ uri }) => isOfExchange(uri, exchange.name))
        played.set(
          exchange.name,
          new PlayedExchange({
            url: listener.url,
            answer: answers.get(exchange.name)!,
            arrived: setting.upstream.arrived(exchange.name),
            events: own,
            raw: own[0] && (await rawOf(setting, own[0].id)),
            logged: stage.logged(name),
            of: (other) => played.get(other)!,
          }),
        )
      }
    }),
  )
  return played
}

async function rawOf({ mock }: Setting, id: number): Promise<string> {
  return await (await fetch(mock.rawEventUrl(id))).text()
}

class PlayedExchange implements Played {
  readonly url: string
  readonly answer: Answer
  readonly arrived: Arrived | undefined
  readonly events: CapturedEvent[]
  readonly logged: Evidence
  readonly of: (name: string) => Played
  readonly #raw: string | undefined

  constructor({ raw, ...parts }: Omit<Played, 'event' | 'raw'> & { raw: string | undefined }) {
    this.url = parts.url
    this.answer = parts.answer
    this.arrived = parts.arrived
    this.events = parts.events
    this.logged = parts.logged
    this.of = parts.of
    this.#raw = raw
  }

  get event(): MoesifEvent {
    const [first] = this.events
    if (!first) throw new Error('No event of this exchange came')
    return first.event
  }

  get raw(): string {
    if (this.#raw === undefined) throw new Error('No event of this exchange came')
    return this.#raw
  }
}

/** Longer texts are cut in reports. */
const LONGEST_TEXT = 10_000

function shortened(event: unknown): unknown {
  return JSON.parse(JSON.stringify(event), (_, value: unknown) =>
    typeof value === 'string' && value.length > LONGEST_TEXT
      ? `${value.slice(0, LONGEST_TEXT)} … (${value.length} characters)`
      : value,
  ) as unknown
}
