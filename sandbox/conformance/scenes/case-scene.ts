import type { BatchSummary, CapturedEvent, FaultSpec, RequestSummary } from '#mock-moesif/index.ts'
import type { EnvoyOptions } from '../../envoy/options.ts'
import { sentenceAbout, tellingLines, type About, type Defaults } from '../about.ts'
import { defineScene, type Scene } from '../scene.ts'
import { isOfLevel } from '../sentence.ts'
import type { Setting } from '../stage/setting.ts'
import type { Door } from '../stage/door.ts'
import type { Answer } from '../stage/exchange.ts'
import { Stage, vmOf, type DoorOptions } from '../stage/stage.ts'

/** What became of one case. */
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
  /** Lines that Envoy logged in the scene. */
  log: string[]
}

/** A listener of its own, what happens there, and sentences about that. */
export interface Case extends DoorOptions {
  /** What the collector does with batches of this application, in the place of taking them. */
  faults?: readonly Omit<FaultSpec, 'applicationId' | 'route'>[]
  /** How many requests are sent; default 1. */
  sends?: number
  /** How many of their events are waited for; default: all. */
  awaits?: number
  /** Instead of sending so many. */
  play?: (door: Door, stage: Stage) => Promise<Answer[]>
  sentences: readonly About<Outcome>[]
}

interface CaseScene extends Defaults {
  name: string
  envoy?: Partial<EnvoyOptions>
  cases: Readonly<Record<string, Case>>
}

type Observed = ReadonlyMap<string, Outcome>

/** Cases that happen at the same time, each at a listener of one Envoy. */
export function caseScene({ name, envoy, cases, ...defaults }: CaseScene): Scene {
  const sentences = Object.entries(cases).flatMap(([key, { sentences: its }]) =>
    its.map((about) =>
      sentenceAbout(
        { ...defaults, ...about },
        (observed: Observed) => observed.get(key)!,
        ({ log, requests }) => ({
          ...tellingLines(log.filter((line) => line.includes(vmOf(key)))),
          requests: requestLines(requests),
        }),
      ),
    ),
  )
  return defineScene<Observed>({
    name,
    sentences,
    observe: async (setting) => {
      const asked = Object.entries(cases).filter(([, { sentences: its }]) =>
        its.some((about) => isOfLevel({ ...defaults, ...about }, setting.level)),
      )
      return await play(setting, name, Object.fromEntries(asked), envoy)
    },
  })
}

async function play(
  setting: Setting,
  scene: string,
  cases: Readonly<Record<string, Case>>,
  envoy: Partial<EnvoyOptions> | undefined,
): Promise<Observed> {
  await using stage = await Stage.start(setting, scene, cases, envoy, async (name, id) => {
    // Batches only: what is scripted for them would else meet fetches of documents.
    for (const fault of cases[name]?.faults ?? [])
      await setting.mock.application(id).faults.add({ ...fault, route: '/v1/events/*' })
  })
  const outcomes = await Promise.all(
    Object.entries(cases).map(async ([name, one]) => {
      return [name, await outcomeOf(name, one, stage)] as const
    }),
  )
  return new Map(outcomes)
}

async function outcomeOf(name: string, one: Case, stage: Stage): Promise<Outcome> {
  const door = stage.door(name)
  const { sends = 1, awaits = sends } = one
  const answers = one.play ? await one.play(door, stage) : await door.sendMany(name, sends)
  const endedAt = Date.now()
  const events = await door.numbered(awaits)
  const [batches, requests] = await Promise.all([
    door.application.batches(),
    door.application.requests(),
  ])
  return { answers, events, batches, requests, endedAt, log: stage.envoy.logs() }
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
