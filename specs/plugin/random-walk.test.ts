import { expect, test } from 'vitest'
import { shrinkWalk } from '#specs/support/random-walk/shrink-walk.ts'
import type { Step, Walk } from '#specs/support/random-walk/steps.ts'

const steps: Step[] = Array.from({ length: 500 }, (_, advance) => ({ advance }))
const has = (walk: Walk, advance: number) =>
  walk.steps.some((step) => 'advance' in step && step.advance === advance)

test('a walk that goes wrong is shrunk to the steps that it needs, in their order', async () => {
  const needed = [3, 250, 251, 499]
  const { steps: left } = await shrinkWalk({ options: {}, steps }, async (walk) =>
    needed.every((advance) => has(walk, advance)),
  )

  expect(left).toEqual(needed.map((advance) => ({ advance })))
})

test('a walk of which nothing can be left out is given up after a thousand tries', async () => {
  let tries = 0
  const walk = { options: {}, steps: [...steps, ...steps, ...steps] }
  const shortest = await shrinkWalk(walk, async () => {
    tries++
    return false
  })

  expect(shortest).toEqual(walk)
  expect(tries).toBe(1000)
})
