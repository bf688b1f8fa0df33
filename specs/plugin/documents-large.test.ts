import { expect, test } from 'vitest'
import type { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { blockAll, governed, isBlocking, serve, startWith } from './support/documents.ts'

/** From now on each look at the clock takes a millisecond: a piece is over after five. */
function slowClock({ clock }: MoesifEmulator): void {
  let looks = 0
  Object.defineProperty(clock, 'nanoseconds', {
    get: () => BigInt(Math.floor(clock.now) + looks++) * 1_000_000n,
  })
}

/** Serves a configuration that keeps nothing of `user-4999`; the ticks after its fetch until that is so. */
function ticksUntilTaken(emulator: MoesifEmulator, config: object): number {
  const { collector } = emulator
  const before = collector.fetches.length
  serve(emulator, { config })
  while (collector.fetches.length === before) emulator.advance(100)
  const isTaken = () => {
    emulator.worker(0).exchange({ request: { headers: { 'x-user': 'user-4999' } } })
    return emulator.metrics.get('moesif_events_sampled_out_total') !== 0
  }
  let ticks = 0
  for (; !isTaken() && ticks < 100; ticks++) emulator.advance(100)
  return ticks
}

test('reads a large document in pieces, while the old one stays', async () => {
  const users = Array.from({ length: 5000 }, (_, i) => [`user-${i}`, 0] as const)
  const emulator = await startWith({ config: {} }, { enable_governance: false })
  slowClock(emulator)

  const ticks = ticksUntilTaken(emulator, { user_sample_rate: Object.fromEntries(users) })

  expect(ticks).toBeGreaterThan(5)
  expect(ticks).toBeLessThan(20)
})

test('checks in pieces, too, that a large document is JSON', async () => {
  const unknown = Array.from({ length: 20_000 }, (_, i) => ({ id: i, tags: [['a', true], null] }))
  const emulator = await startWith({ config: {} }, { enable_governance: false })
  slowClock(emulator)

  const ticks = ticksUntilTaken(emulator, { unknown, user_sample_rate: { 'user-4999': 0 } })

  expect(ticks).toBeGreaterThan(3)
  expect(ticks).toBeLessThan(20)
})

test('finds what is wrong in any piece of a large document', async () => {
  const rules = JSON.stringify([blockAll, ...Array.from({ length: 10_000 }, () => [['x'], 1])])
  const broken = [
    rules.replace(/\]$/, '}'),
    rules.slice(0, -50_000) + rules.slice(-50_000).replace('"x"', '"x'),
    `${rules} 1`,
    rules.slice(0, -1),
  ]
  const emulator = await startWith({ rules: [] }, governed)

  const failed = () => emulator.metrics.get('moesif_documents_failed_total') ?? 0
  for (const text of broken) {
    const before = failed()
    serve(emulator, { rules: text })
    emulator.advance(80_000)
    expect(isBlocking(emulator)).toBe(false)
    expect(failed(), text.slice(-20)).toBeGreaterThan(before)
  }
  serve(emulator, { rules })
  emulator.advance(80_000)
  expect(isBlocking(emulator)).toBe(true)
})

test('finds each of a hundred thousand users', async () => {
  const users = Object.fromEntries(
    Array.from({ length: 100_000 }, (_, i) => [`user-${i}`, [{ rules: i % 2 ? 'odd' : 'even' }]]),
  )
  const emulator = await startWith(
    { config: { user_rules: users }, rules: [{ ...blockAll, _id: 'odd', type: 'user' }] },
    { documents_max_bytes: 16 * 1024 * 1024 },
  )
  const blocked = (user: string) =>
    emulator.worker(0).exchange({ request: { headers: { 'x-user': user } } }).localReply !== null

  expect([1, 2, 777, 99_998, 99_999].map((i) => blocked(`user-${i}`))).toEqual([
    true,
    false,
    true,
    false,
    true,
  ])
  expect(blocked('user-100001')).toBe(false)
})
