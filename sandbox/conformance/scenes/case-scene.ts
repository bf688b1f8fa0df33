import type { BatchSummary, CapturedEvent, FaultSpec, RequestSummary } from '#mock-moesif/index.ts'
import { sentenceAbout, type About, type Defaults } from '../about.ts'
import { defineScene, type Scene } from '../scene.ts'
import { isOfLevel, type Evidence } from '../sentence.ts'
import type { Setting } from '../stage/setting.ts'
import type { StageListener } from '../stage/stage-listener.ts'
import type { Answer } from '../stage/exchange.ts'
import { Stage, type StageListenerOptions, type EnvoyOfStage } from '../stage/stage.ts'

/** The result of one case. */
export interface Outcome {
  answers: Answer[]
  /** Every event that the collector has. */
  events: CapturedEvent[]
  /** Every POST of events. */
  batches: BatchSummary[]
  /** Every request to the collector. */
  requests: RequestSummary[]
  /** Unix time at which the last request was answered. */
  endedAt: number
  logged: Evidence
  /** By how much times may be longer than promised: a worker is busy, a tick comes late. */
  slackMs: number
}

/** A listener of its own, what happens there, and sentences about that. */
export interface Case extends StageListenerOptions {
  /** How the collector answers batches of this application instead of 201. */
  faults?: readonly Omit<FaultSpec, 'applicationId' | 'route'>[]
  /** The same with fetches of /v1/config and /v1/rules. */
  documentFaults?: readonly Omit<FaultSpec, 'applicationId' | 'route'>[]
  /** What the collector serves to this application. */
  config?: object
  rules?: readonly object[]
  /** How many requests are sent; default 1. */
  sends?: number
  /** How many of their events are waited for; default: all. */
  awaits?: number
  /** Some sentences are about time: when one fails, the case is played once more, without the others, since the machine may have been what was late. */
  timed?: boolean
  /** Sends the requests itself, instead of `sendMany`. */
  play?: (listener: StageListener, stage: Stage) => Promise<Answer[]>
  sentences: readonly About<Outcome>[]
}

interface CaseScene extends Defaults {
  name: string
  envoy?: EnvoyOfStage
  cases: Readonly<Record<string, Case>>
}

/** An error: what kept the case from being played. */
type Observed = ReadonlyMap<string, Outcome | Error>

/** Cases that happen at the same time, each at a listener of one Envoy. */
export function caseScene({ name, envoy, cases, ...defaults }: CaseScene): Scene {
  const sentences = new Map(
    Object.entries(cases).map(([key, { sentences: its }]) => [
      key,
      its.map((about) =>
        sentenceAbout(
          { ...defaults, ...about },
          (observed: Observed) => played(observed.get(key)),
          ({ logged, requests }) => ({ ...logged, requests: requestLines(requests) }),
        ),
      ),
    ]),
  )
  /** A sentence fails though something was sent. */
  const mayBeLate = (key: string, observed: Observed): boolean => {
    const outcome = observed.get(key)
    if (!outcome || outcome instanceof Error || outcome.batches.length === 0) return false
    return sentences.get(key)!.some(({ judge }) => !judge(() => observed).passed)
  }
  return defineScene<Observed>({
    name,
    sentences: [...sentences.values()].flat(),
    observe: async (setting) => {
      const asked = Object.entries(cases).filter(([, { sentences: its }]) =>
        its.some((about) => isOfLevel({ ...defaults, ...about }, setting.level)),
      )
      const observed = await playApart(setting, name, Object.fromEntries(asked), envoy)
      const again = asked.filter(([key, { timed }]) => timed && mayBeLate(key, observed))
      if (again.length === 0) return observed
      return new Map([
        ...observed,
        ...(await playApart(setting, name, Object.fromEntries(again), envoy)),
      ])
    },
  })
}

function played(outcome: Outcome | Error | undefined): Outcome {
  if (outcome && !(outcome instanceof Error)) return outcome
  throw outcome ?? new Error('It was not played')
}

/** All in one Envoy; if Envoy refuses that, each in its own, so that only the refused cases fail. */
async function playApart(
  setting: Setting,
  name: string,
  cases: Readonly<Record<string, Case>>,
  envoy: EnvoyOfStage | undefined,
): Promise<Observed> {
  try {
    return await play(setting, name, cases, envoy)
  } catch (error) {
    const all = Object.entries(cases)
    if (all.length === 1) return new Map([[all[0]![0], error as Error]])
    const outcomes = new Map<string, Outcome | Error>()
    for (const [key, one] of all) {
      const alone = await playApart(setting, name, { [key]: one }, envoy)
      for (const [of, outcome] of alone) outcomes.set(of, outcome)
    }
    return outcomes
  }
}

async function play(
  setting: Setting,
  scene: string,
  cases: Readonly<Record<string, Case>>,
  envoy: EnvoyOfStage | undefined,
): Promise<Observed> {
  await using stage = await Stage.start(setting, scene, cases, envoy, async (name, id) => {
    const application = setting.mock.application(id)
    const { faults = [], documentFaults = [], config, rules } = cases[name] ?? {}
    if (config) await application.config.put(config)
    if (rules) await application.rules.put(rules)
    for (const fault of faults) await application.faults.add({ ...fault, route: '/v1/events/*' })
    for (const route of ['/v1/config', '/v1/rules'])
      for (const fault of documentFaults) await application.faults.add({ ...fault, route })
  })
  const outcomes = await Promise.all(
    Object.entries(cases).map(async ([name, one]) => {
      return [name, await outcomeOf(name, one, stage, setting)] as const
    }),
  )
  return new Map(outcomes)
}

async function outcomeOf(
  name: string,
  one: Case,
  stage: Stage,
  setting: Setting,
): Promise<Outcome> {
  const listener = stage.listener(name)
  const { sends = 1, awaits = sends } = one
  const answers = one.play ? await one.play(listener, stage) : await listener.sendMany(name, sends)
  const endedAt = Date.now()
  const events = await listener.numbered(awaits)
  const [batches, requests] = await Promise.all([
    listener.application.batches(),
    listener.application.requests(),
  ])
  const slackMs = SLACK_MS + 2 * setting.lagMs()
  return { answers, events, batches, requests, endedAt, slackMs, logged: stage.logged(name) }
}

export const EVERY = 'every request has an event'

/** The same in words. */
export function without(events: readonly CapturedEvent[], sent: number): string {
  const none = missing(events, sent)
  return none.length === 0 ? EVERY : `of ${sent} requests these have none: ${none.join(', ')}`
}

/** The numbers of requests, from 1 on, that have no event. */
export function missing(events: readonly CapturedEvent[], sent: number): number[] {
  const there = new Set(events.map(({ uri }) => numberIn(uri)))
  return Array.from({ length: sent }, (_, index) => index + 1).filter((one) => !there.has(one))
}

/** The numbers of requests that have more than one event, whatever their transaction_id. */
export function repeated(events: readonly CapturedEvent[]): number[] {
  const counts = Map.groupBy(events, ({ uri }) => numberIn(uri))
  return [...counts].filter(([, its]) => its.length > 1).map(([number]) => number)
}

const numberIn = (uri: string | null): number => Number(/\/(\d+)(?:[/?#]|$)/.exec(uri ?? '')?.[1])

const SLACK_MS = 3_000

/** What the collector got, and when. */
function requestLines(requests: readonly RequestSummary[]): string[] {
  const [first] = requests
  return requests
    .slice(0, MOST_LINES)
    .map(
      ({ method, path, receivedAt, wireBytes, answer }) =>
        `+${receivedAt - first!.receivedAt} ms ${method} ${path}, ${wireBytes} bytes: ${answer ?? 'no answer'}`,
    )
}

const MOST_LINES = 12
