import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { resolveRuntime, type Runtime } from '../envoy/runtime.ts'
import { GROUPS, isOfLevel, type Level, type Verdict } from './sentence.ts'
import type { Scene } from './scene.ts'
import { SCENES } from './scenes/index.ts'
import type { Setting } from './stage/setting.ts'
import { Envoys } from './stage/envoys.ts'
import { EventTimeout } from './stage/event-timeout.ts'
import { Upstream } from './stage/upstream.ts'

export interface JudgeOptions {
  level?: Level
  /** Default: resolved as `ENVOY_RUNTIME` says. */
  runtime?: Runtime
  /** Default: all. */
  scenes?: readonly Scene[]
  /** How long events are waited for, default 10 000 ms. */
  eventTimeoutMs?: number
  /** When it aborts everything that was started is ended, and what was judged until then is the result. */
  signal?: AbortSignal
  onScene?: (name: string, verdicts: readonly Verdict[]) => void
}

/** What became of all sentences. */
export interface Judgement {
  wasm: string
  level: Level
  /** Its version. */
  envoy: string
  /** Unix time in milliseconds. */
  startedAt: number
  durationMs: number
  /** By group, in the order of `GROUPS`. */
  verdicts: Verdict[]
  /** How many sentences an interruption left out. */
  unjudged: number
}

/** Scenes that run at the same time. */
const AT_ONCE = 2

/** How long scenes get to end after an interruption: their waits fail, and they remove their files. */
const SCENES_END_MS = 5_000

/** Judges a filter in real Envoy. The first scene runs alone: it shows whether the filter sends anything at all. */
export async function judgeFilter(
  wasm: string,
  {
    level = 'full',
    runtime: given,
    scenes = SCENES,
    eventTimeoutMs = 10_000,
    signal,
    onScene,
  }: JudgeOptions = {},
): Promise<Judgement> {
  const started = performance.now()
  const startedAt = Date.now()
  const runtime = given ?? (await resolveRuntime())
  await using parts = new AsyncDisposableStack()
  const delay = monitorEventLoopDelay()
  delay.enable()
  parts.defer(() => void delay.disable())
  const setting: Setting = {
    wasm,
    level,
    runtime,
    mock: parts.use(await startMockMoesif({ collectorHost: runtime.bindHost })),
    upstream: parts.use(await Upstream.start(runtime.bindHost)),
    envoys: new Envoys(),
    eventTimeout: new EventTimeout(eventTimeoutMs),
    log: [],
    applicationIds: new Set(),
    envoyVersion: 'that did not start',
    lagMs: () => delay.max / 1e6,
  }
  const verdicts: Verdict[] = []
  const play = async (waiting: Scene[]): Promise<void> => {
    for (let scene = waiting.shift(); scene; scene = waiting.shift()) {
      const its = await scene.play(setting)
      if (signal?.aborted) return
      verdicts.push(...its)
      onScene?.(scene.name, its)
    }
  }
  const playAll = async (): Promise<void> => {
    const [first, ...others] = scenes.filter(({ isLast }) => !isLast)
    if (first) await play([first])
    await Promise.all(Array.from({ length: AT_ONCE }, async () => await play(others)))
    await play(scenes.filter(({ isLast }) => isLast))
  }
  const played = playAll()
  await (signal ? Promise.race([played, aborted(signal)]) : played)
  if (signal?.aborted) {
    await setting.envoys.end()
    await parts.disposeAsync()
    await Promise.race([played, sleep(SCENES_END_MS)])
  }
  const asked = scenes.flatMap(({ statements }) =>
    statements.filter((one) => isOfLevel(one, level)),
  )
  const order = new Map(scenes.map(({ name }, index) => [name, index]))
  verdicts.sort(
    (a, b) =>
      GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) ||
      order.get(a.scene)! - order.get(b.scene)!,
  )
  return {
    wasm,
    level,
    envoy: setting.envoyVersion,
    startedAt,
    durationMs: performance.now() - started,
    verdicts,
    unjudged: asked.length - verdicts.length,
  }
}

const aborted = async (signal: AbortSignal): Promise<unknown> =>
  signal.aborted || (await once(signal, 'abort'))
