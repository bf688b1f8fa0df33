import { playWalk, type Passed } from './play-walk.ts'
import { asSpec, shrinkWalk } from './shrink-walk.ts'
import { randomFrom } from '#specs/support/random.ts'
import { randomWalk } from './steps.ts'

const STEPS_OF_A_WALK = 500

/**
 * Makes a number of steps, in walks of 500, each with its own seed.
 *
 * @returns the events of all of them
 * @throws with the shortest walk that goes wrong, as a spec
 */
export async function walkAtRandom(
  wasm: Uint8Array | string,
  steps: number,
  firstSeed: number,
): Promise<Passed> {
  const passed: Passed = { captured: 0, sent: 0, dropped: 0 }
  const walks = Math.ceil(steps / STEPS_OF_A_WALK)
  for (let seed = firstSeed; seed < firstSeed + walks; seed++) {
    const walk = randomWalk(randomFrom(seed), STEPS_OF_A_WALK)
    if ((await playWalk(wasm, walk, passed)) === null) continue
    const shortest = await shrinkWalk(walk, async (one) => (await playWalk(wasm, one)) !== null)
    const wrong = await playWalk(wasm, shortest)
    throw new Error(
      `Seed ${seed} goes wrong. To keep it, paste this at the end of specs/plugin/fuzz-delivery.test.ts, whose imports it uses:\n\n${asSpec(shortest, wrong ?? '')}\n`,
    )
  }
  return passed
}
