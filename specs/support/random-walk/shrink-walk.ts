import type { Step, Walk } from './steps.ts'

/** After so many tries what there is has to do; counted, so that a busy machine finds the same as an idle one. */
const MOST_TRIES = 1000

/**
 * The shortest walk found that still goes wrong: steps are left out, halves first, then one by one, until none can go.
 *
 * @param goesWrong plays a walk
 */
export async function shrinkWalk(
  walk: Walk,
  goesWrong: (walk: Walk) => Promise<boolean>,
): Promise<Walk> {
  let steps = walk.steps
  let tries = 0
  for (let size = Math.ceil(steps.length / 2); size >= 1;) {
    const before = steps.length
    for (let start = 0; start < steps.length && tries < MOST_TRIES; tries++) {
      const shorter: Step[] = steps.toSpliced(start, size)
      if (await goesWrong({ ...walk, steps: shorter })) steps = shorter
      else start += size
    }
    // A step that was needed may not be once others have gone.
    if (size === 1 && steps.length === before) break
    if (tries >= MOST_TRIES) break
    size = Math.ceil(size / 2)
  }
  return { ...walk, steps }
}

/** A walk as a spec that fails, for fuzz-delivery.test.ts and with its imports: what is found once is kept. */
export function asSpec(walk: Walk, wrong: string): string {
  const steps = walk.steps.map((step) => `    ${JSON.stringify(step)},`).join('\n')
  return `// ${wrong}
test('the sum of events holds in a walk that once broke it', async () => {
  const options = ${JSON.stringify(walk.options)}
  const steps: Step[] = [
${steps}
  ]

  expect(await playWalk(await pluginBytes(), { options, steps })).toBeNull()
})`
}
