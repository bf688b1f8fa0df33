import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import { sentenceAbout, type About } from '../about.ts'
import { defineScene } from '../scene.ts'
import type { Setting } from '../stage/setting.ts'
import type { Evidence } from '../sentence.ts'
import { AS_WITHOUT_FILTER, promise } from '../sources.ts'
import type { StageListener } from '../stage/stage-listener.ts'
import type { Answer, Exchange } from '../stage/exchange.ts'
import { Stage } from '../stage/stage.ts'
import type { CapturedEvent } from '#mock-moesif/index.ts'
import { EVERY, missing, without } from './case-scene.ts'

const ENDS = promise('delivery', 'When a filter ends')
const DRAIN = promise('delivery', 'Drain before SIGTERM')
const DEFAULTS = { group: 'ends and updates', level: 'drop-in' } as const
const BATCH = 5
const MORE = 3
const LONG_WAIT = 60_000
const IN_TIME = 'within 9 s'

interface Ended {
  events: CapturedEvent[]
  exitCode: number | null
  endedWithinMs: number
  logged: Evidence
}

const aboutEnd = (about: About<Ended>) =>
  sentenceAbout(
    { ...DEFAULTS, ...about },
    (observed: Ended) => observed,
    ({ logged }) => logged,
  )

/** SIGTERM while events wait. */
export const shutdown = defineScene<Ended>({
  name: 'shutdown',
  sentences: [
    aboutEnd({
      id: 'end-flush',
      says: 'Events that wait are sent when Envoy ends, over a connection that is open',
      source: ENDS,
      look: ({ events }) => without(events, BATCH + MORE),
      expected: EVERY,
    }),
    aboutEnd({
      id: 'end-exit-code',
      says: 'Envoy ends by itself, with code 0',
      source: AS_WITHOUT_FILTER,
      look: ({ exitCode, endedWithinMs }) => ({
        exitCode,
        ended: endedWithinMs < 9_000 ? IN_TIME : `after ${endedWithinMs.toFixed(0)} ms`,
      }),
      expected: { exitCode: 0, ended: IN_TIME },
    }),
  ],
  observe: async (setting: Setting) => {
    const options = { batch_max_size: BATCH, batch_max_wait: LONG_WAIT }
    await using stage = await Stage.start(setting, 'shutdown', { ending: { options } })
    const listener = stage.listener('ending')
    // The first batch leaves a connection behind that is open and idle.
    await listener.sendMany('ending', BATCH)
    await listener.numbered(BATCH)
    for (let number = 1; number <= MORE; number++)
      await listener.send({ name: 'ending', request: { path: `/${BATCH + number}` } })
    const started = performance.now()
    const exitCode = await stage.envoy.end('SIGTERM')
    const endedWithinMs = performance.now() - started
    await sleep(200)
    const events = await listener.application.events()
    return { events, exitCode, endedWithinMs, logged: stage.logged('ending') }
  },
})

/** No new connections, then a pause, then SIGTERM. */
export const drained = defineScene<Ended>({
  name: 'drain',
  sentences: [
    aboutEnd({
      id: 'end-drained',
      says: 'After a drain, and batch_max_wait, nothing is lost when Envoy ends',
      source: DRAIN,
      look: ({ events }) => without(events, MORE),
      expected: EVERY,
    }),
  ],
  observe: async (setting: Setting) => {
    await using stage = await Stage.start(setting, 'drain', { drained: {} })
    const listener = stage.listener('drained')
    await listener.sendMany('drained', MORE)
    await stage.envoy.drain()
    await sleep(1_200)
    const exitCode = await stage.envoy.end('SIGTERM')
    const events = await listener.application.events()
    return { events, exitCode, endedWithinMs: 0, logged: stage.logged('drained') }
  },
})

interface Updated {
  /** By listener: events of its first application id, and of the one that it changed to. */
  events: ReadonlyMap<string, CapturedEvent[]>
  later: CapturedEvent[]
  unanswered: number
  /** By listener. */
  logged: ReadonlyMap<string, Evidence>
}

/** @param listener what it is about; default: all of them */
const aboutUpdate = (about: About<Updated>, listener?: string) =>
  sentenceAbout(
    { ...DEFAULTS, ...about },
    (observed: Updated) => observed,
    ({ logged }) => logged.get(listener ?? '') ?? {},
  )

const ALL = BATCH + MORE + MORE

/** Listeners are replaced while events wait. The old ones, and their filters, are there for a second more. */
export const updates = defineScene<Updated>({
  name: 'updates',
  sentences: [
    aboutUpdate(
      {
        id: 'update-option',
        says: 'Events that wait when an option changes are sent, though the drain is over before batch_max_wait',
        source: ENDS,
        look: ({ events }) => without(events.get('option')!, ALL),
        expected: EVERY,
      },
      'option',
    ),
    aboutUpdate(
      {
        id: 'update-application-id',
        says: 'Events that wait when the application id changes go to the old id, and later ones to the new one',
        source: ENDS,
        look: ({ events, later }) => ({
          missingAtOldId: missing(events.get('id')!, BATCH + MORE),
          missingAtNewId: missing(later, ALL).filter((number) => number > BATCH + MORE),
        }),
        expected: { missingAtOldId: [], missingAtNewId: [] },
      },
      'id',
    ),
    aboutUpdate(
      {
        id: 'update-code',
        says: 'Events that wait when the code of the filter changes are sent, though the drain is over before batch_max_wait',
        source: ENDS,
        look: ({ events }) => without(events.get('code')!, ALL),
        expected: EVERY,
      },
      'code',
    ),
    aboutUpdate(
      {
        id: 'update-drained',
        says: 'A change of an option loses no event where batch_max_wait is over before the drain',
        source: ENDS,
        look: ({ events }) => without(events.get('drained')!, ALL),
        expected: EVERY,
      },
      'drained',
    ),
    aboutUpdate({
      id: 'update-traffic',
      says: 'Every request is answered before and after an update',
      source: AS_WITHOUT_FILTER,
      look: ({ unanswered }) => ({ unanswered }),
      expected: { unanswered: 0 },
    }),
  ],
  observe: async (setting: Setting) => {
    await using other = await OtherBuild.of(setting.wasm)
    const options = { batch_max_size: BATCH, batch_max_wait: LONG_WAIT }
    const names = ['option', 'id', 'code', 'drained'] as const
    const short = { ...options, batch_max_wait: 200 }
    const listeners = {
      option: { options },
      id: { options },
      code: { options },
      drained: { options: short },
    }
    await using stage = await Stage.start(setting, 'updates', listeners, {
      updatable: true,
      drainSeconds: 1,
    })
    const answers = await Promise.all(
      names.map(async (name) => await stage.listener(name).sendMany(name, BATCH)),
    )
    await Promise.all(names.map(async (name) => await stage.listener(name).numbered(BATCH)))
    const more = async (from: number) =>
      await Promise.all(
        names.flatMap((name) =>
          Array.from({ length: MORE }, async (_, index) => {
            const number = from + index + 1
            return await answered(stage.listener(name), { name, request: { path: `/${number}` } })
          }),
        ),
      )
    answers.push(await more(BATCH))
    const laterId = `id-${randomUUID()}`
    setting.applicationIds.add(laterId)
    await stage.update({
      option: { options: short },
      id: { options: { batch_max_wait: 200, moesif_application_id: laterId } },
      code: { options: short, filter: { file: other.file } },
      drained: { options: { ...short, batch_max_size: 50 } },
    })
    answers.push(await more(BATCH + MORE))
    // The drain time, and the last call of the old filters.
    await sleep(2_500)
    const events = await Promise.all(
      names.map(async (name) => [name, await stage.listener(name).application.events()] as const),
    )
    return {
      events: new Map(events),
      later: await setting.mock.application(laterId).events(),
      unanswered: answers.flat().filter(({ status }) => status !== 200).length,
      logged: new Map(names.map((name) => [name, stage.logged(name)])),
    }
  },
})

/** @note a listener that goes resets connections that it had idle, or not yet accepted: that is no fault of a filter. */
async function answered(listener: StageListener, exchange: Exchange): Promise<Answer> {
  let answer = await listener.send(exchange)
  for (let tries = 1; answer.status === 0 && tries < TRIES; tries++)
    answer = await listener.send(exchange)
  return answer
}

const TRIES = 3

/** The same code under another hash, which is another version to Envoy: a custom section more. */
class OtherBuild implements AsyncDisposable {
  readonly file: string
  readonly #directory: string

  private constructor(directory: string) {
    this.#directory = directory
    this.file = path.join(directory, 'other.wasm')
  }

  static async of(wasm: string): Promise<OtherBuild> {
    const build = new OtherBuild(await mkdtemp(path.join(tmpdir(), 'moesif-conformance-')))
    const section = Buffer.from([0, 2, 1, 'x'.charCodeAt(0)])
    await writeFile(build.file, Buffer.concat([await readFile(wasm), section]))
    return build
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true })
  }
}
