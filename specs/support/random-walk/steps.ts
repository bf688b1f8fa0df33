import type { Answer } from '#sandbox/emulated-plugin/index.ts'
import type { Random } from '#specs/support/random.ts'

/** Options of the plugin that decide what becomes of events. */
export type WalkOptions = Record<string, number | string | boolean>

/** One thing that happens to a plugin; data, so that a walk can be printed as a spec. */
export type Step =
  | { exchanges: number; worker: number; bytes: number }
  | { advance: number }
  | { answerNext: Answer[] }
  | { answerAlways: Answer }
  | { jump: number }
  | { configure: WalkOptions; vmId: string }

export interface Walk {
  options: WalkOptions
  steps: Step[]
}

/** The largest body of an exchange, bytes. */
export const LARGEST_BODY = 20_000

const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1))

const oneOf = <T>(random: Random, values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] as T

/** Small bounds and short times, so that they are reached (each tick on the way costs); near each other, so that they meet. */
function randomOptions(random: Random): WalkOptions {
  return {
    batch_max_size: oneOf(random, [1, 2, 5, 100, 1000]),
    batch_max_wait: oneOf(random, [50, 500, 2000]),
    batch_max_bytes: oneOf(random, [1024, 8192, 30_000, 60_000]),
    queue_max_bytes: oneOf(random, [16_384, 30_000, 60_000]),
    queue_overflow: oneOf(random, ['drop_newest', 'drop_oldest']),
    retry_max_age: oneOf(random, [1000, 3000, 600_000]),
    connection_timeout: oneOf(random, [1, 500, 10_000]),
    shutdown_max_bytes: oneOf(random, [0, 4096, 1_048_576]),
    enable_compression: random() < 0.2,
  }
}

function randomAnswer(random: Random): Answer {
  const delayMs = oneOf(random, [0, 0, 20, 400, 2000])
  const kind = random()
  if (kind < 0.45) return { status: 201, delayMs }
  if (kind < 0.6) return { status: oneOf(random, [400, 401, 408, 413, 500, 503]), delayMs }
  if (kind < 0.68) {
    const after = oneOf(random, ['0', '1', '4', 'soon', '99999999999'])
    return { status: 429, headers: { 'retry-after': after }, delayMs }
  }
  if (kind < 0.76) return { silent: true }
  if (kind < 0.78) return { lost: true }
  if (kind < 0.86) return { refuse: oneOf(random, [2, 10]) }
  if (kind < 0.93) return { reset: true, delayMs }
  return { unreachable: oneOf(random, ['connection-refused', 'terminated']), delayMs }
}

function randomStep(random: Random): Step {
  const kind = random()
  if (kind < 0.5) {
    const bytes = oneOf(random, [0, 0, 700, 4000, LARGEST_BODY])
    return {
      exchanges: between(random, 1, bytes > 1000 ? 2 : 6),
      worker: between(random, 0, 1),
      bytes,
    }
  }
  if (kind < 0.75) return { advance: oneOf(random, [0, 60, 110, 600, 3300]) }
  if (kind < 0.88) {
    return { answerNext: Array.from({ length: between(random, 1, 3) }, () => randomAnswer(random)) }
  }
  if (kind < 0.94) return { answerAlways: randomAnswer(random) }
  if (kind < 0.97) return { jump: oneOf(random, [-86_400_000, -1000, 5000, 3_600_000]) }
  return { configure: randomOptions(random), vmId: oneOf(random, ['one', 'one', 'two']) }
}

/** @param length how many steps */
export function randomWalk(random: Random, length: number): Walk {
  const options = randomOptions(random)
  return { options, steps: Array.from({ length }, () => randomStep(random)) }
}
