import { playWalk } from './play-walk.ts'
import type { Walk } from './steps.ts'

/** After this long what there is has to do. */
const LONGEST_MS = 10_000

/** The shortest walk found that still goes wrong: steps are left out, halves first, then one by one, until none can go. */
export async function shrinkWalk(wasm: Uint8Array | string, walk: Walk): Promise<Walk> {
  const until = Date.now() + LONGEST_MS
  let shortest = walk
  for (let size = Math.ceil(walk.steps.length / 2); size >= 1;) {
    const shorter = await withoutSome(wasm, shortest, size, until)
    if (shorter) shortest = shorter
    else if (size === 1 || Date.now() > until) break
    else size = Math.ceil(size / 2)
  }
  return shortest
}

async function withoutSome(
  wasm: Uint8Array | string,
  walk: Walk,
  size: number,
  until: number,
): Promise<Walk | null> {
  for (let start = 0; start < walk.steps.length && Date.now() <= until; start += size) {
    const steps = walk.steps.toSpliced(start, size)
    if (await playWalk(wasm, { options: walk.options, steps })) return { ...walk, steps }
  }
  return null
}

/** A walk as a spec that fails: what is found once is kept. */
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
