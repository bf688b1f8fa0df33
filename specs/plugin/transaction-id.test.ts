import { expect, test } from 'vitest'
import { eventsOf, startPlugin } from './support/plugin-under-test.ts'

const ids = async (random?: (bytes: Uint8Array) => void) => {
  const emulator = await startPlugin({}, random ? { workers: 2, random } : { workers: 2 })
  for (let i = 0; i < 200; i++) emulator.worker(i % 2).exchange()
  return eventsOf(emulator).map((event) => event.transaction_id)
}

test('every event has a random UUID of its own, whichever worker made it', async () => {
  const seen = await ids()

  expect(new Set(seen).size).toBe(200)
  for (const id of seen) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})

test('the ids of one seed are spread evenly over their bits, of which none repeats another', async () => {
  const seen = (await ids()).map((id) => BigInt(`0x${id.replaceAll('-', '')}`))

  const columns = new Set<string>()
  for (let bit = 0n; bit < 128n; bit++) {
    // Version and variant are fixed.
    if ((bit >= 76n && bit < 80n) || bit === 62n || bit === 63n) continue
    const ones = seen.filter((id) => (id >> bit) & 1n).length
    expect(ones).toBeGreaterThan(50)
    expect(ones).toBeLessThan(150)
    columns.add(seen.map((id) => (id >> bit) & 1n).join(''))
  }
  expect(columns.size).toBe(122)
})

test('a host that gives only zeros as random bytes still gets different ids', async () => {
  const emulator = await startPlugin({}, { random: (bytes) => bytes.fill(0) })
  for (let i = 0; i < 50; i++) emulator.worker(0).exchange()

  const seen = eventsOf(emulator).map((event) => event.transaction_id)

  expect(new Set(seen).size).toBe(50)
})

test('asks the host for randomness once, not for every event', async () => {
  const emulator = await startPlugin({ batch_max_size: 1000 })

  for (let i = 0; i < 20; i++) emulator.worker(0).exchange()

  expect(emulator.hostCalls.of('random_get').calls).toBe(1)
})
