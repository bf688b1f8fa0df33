import { expect, test } from 'vitest'
import { BodyBudget } from '#mock-moesif/collector/body-budget.ts'

const FREE = 64 * 1024
const TOTAL = 10 * FREE

/** What a lease holds once it holds it. */
function asked(budget: BodyBudget, bytes: number) {
  const lease = budget.lease()
  const state = { held: false, lease, done: Promise.resolve() }
  state.done = lease.hold(bytes).then(() => void (state.held = true))
  return state
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('bodies have all there is, and a usual one is never counted', async () => {
  const budget = new BodyBudget(TOTAL)
  const all = asked(budget, TOTAL)
  const usual = asked(budget, FREE)
  const larger = asked(budget, FREE + 1)
  await settled()
  expect([all.held, usual.held, larger.held]).toEqual([true, true, false])

  all.lease[Symbol.dispose]()
  await larger.done
})

test('who waits goes in order, as soon as there is exactly enough', async () => {
  const budget = new BodyBudget(TOTAL)
  const first = asked(budget, TOTAL - 2 * FREE)
  const second = asked(budget, 2 * FREE)
  const large = asked(budget, TOTAL)
  const small = asked(budget, 2 * FREE)
  await settled()
  expect([first.held, second.held, large.held, small.held]).toEqual([true, true, false, false])

  // There is room for the small one, but the large one was first.
  second.lease[Symbol.dispose]()
  await settled()
  expect([large.held, small.held]).toEqual([false, false])
  first.lease[Symbol.dispose]()
  await large.done
  await settled()
  expect(small.held).toBe(false)
  large.lease[Symbol.dispose]()
  await small.done
})

test('what is given back in part is free for others, and what is given back twice counts once', async () => {
  const budget = new BodyBudget(TOTAL)
  const shrinking = asked(budget, TOTAL)
  await shrinking.done
  const other = asked(budget, TOTAL - 2 * FREE)
  await shrinking.lease.hold(2 * FREE + 1)
  await settled()
  expect(other.held).toBe(false)
  await shrinking.lease.hold(2 * FREE)
  await other.done

  shrinking.lease[Symbol.dispose]()
  shrinking.lease[Symbol.dispose]()
  const last = asked(budget, 2 * FREE + 1)
  await settled()
  expect(last.held).toBe(false)
  other.lease[Symbol.dispose]()
  await last.done
})

test('who finds no room for 3 s is refused with 503, and those behind get theirs', async () => {
  const budget = new BodyBudget(TOTAL)
  const holder = asked(budget, 3 * FREE)
  const large = asked(budget, 8 * FREE)
  const behind = asked(budget, 7 * FREE)

  await expect(large.done).rejects.toMatchObject({ status: 503 })
  await behind.done
  expect(holder.held).toBe(true)
})
