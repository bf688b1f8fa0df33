import { expect, test } from 'vitest'
import { loadParts, type Handle } from './support/parts.ts'

const room = await loadParts()
const parts = room.exports

/** How many ms a Retry-After header asks for at a time. */
function pause(value: string, unixMs: number, behind = ''): number {
  const at = room.place(Buffer.from(value + behind))
  const ms = parts.retryAfter(at, value.length, BigInt(unixMs))
  room.release(at)
  return ms
}

const MORNING = Date.UTC(2026, 10, 6, 8, 49, 37)

test('a date of any day, year and form is understood', () => {
  const minute = 60_000
  for (let day = Date.UTC(1999, 11, 27); day < Date.UTC(2005, 2, 3); day += 86_400_000) {
    const date = new Date(day + 12 * 3_600_000 + 34 * minute + 56_000)
    expect(pause(date.toUTCString(), date.getTime() - minute), date.toUTCString()).toBe(minute)
  }
  for (const year of [1970, 2000, 2026, 2100, 2399, 2400, 9999]) {
    for (const [month, ofMonth] of [
      [0, 1],
      [1, 28],
      [1, 29],
      [2, 1],
      [11, 31],
    ] as const) {
      const date = new Date(Date.UTC(year, month, ofMonth, 23, 59, 59))
      expect(pause(date.toUTCString(), date.getTime() - 7000), date.toUTCString()).toBe(7000)
    }
  }
})

test.each([
  ['Fri Nov  6 08:50:00 2026', 23_000],
  ['Friday, 06-Nov-26 08:50:00 GMT', 23_000],
  ['friday, 06-NOV-26 08:50:00 gmt', 23_000],
  ['06 nOv 2026 08:50:00', 23_000],
  ['08:50:00 06 Nov 2026', 23_000],
  ['Fri, 06 Nov 2026 08:50:00 GMT, 7 Dec 2030', 23_000],
  ['Fri, 06 Nov 2026 08:49:38 GMT', 1000],
  ['Fri, 06 Nov 2026 08:49:37 GMT', 0],
  ['Fri, 06 Nov 2026 08:54:37 GMT', 300_000],
  ['Fri, 06 Nov 2026 08:54:36 GMT', 299_000],
  ['Fri, 06 Nov 99 08:50:00 GMT', 300_000],
  ['Fri, 6 Nov 2026 09:00:00 GMT', 300_000],
  ['Fri, 00 Nov 2026 08:50:00 GMT', 0],
  ['Fri, 0 Dec 2026 08:50:00 GMT', 0],
  ['Fri, 32 Oct 2026 08:50:00 GMT', 0],
  ['Fri, 31 Nov 2026 08:50:00 GMT', 300_000],
  ['Fri, 06 Nov 2026', 0],
  ['Sat, 07 Nov 2026', 0],
  ['Fri, 06 2026 08:50:00 GMT', 0],
  ['Nov 2026 08:50:00 GMT', 0],
  ['Dec 2026 08:50:00 GMT', 0],
  ['Fri, 06 Nov 08:50:00 GMT', 0],
  ['Fri, 06 Nov 20260 08:50:00 GMT', 0],
  ['Fri, 06 Nov 2026 8:50:00 GMT', 0],
  ['Fri, 06 Nov 2026 08-50-00 GMT', 0],
  ['Fri, 06 November 2026 08:50:00 GMT', 0],
  ['Fri, 06 No 2026 08:50:00 GMT', 0],
  ['Fri, 06 Nox 2026 08:50:00 GMT', 0],
  ['Fri, 06 Xov 2026 08:50:00 GMT', 0],
  ['', 0],
  ['0', 0],
  ['1', 1000],
  ['299', 299_000],
  ['300', 300_000],
  ['301', 300_000],
  ['0000000000000000000000007', 7000],
  ['18446744073709551617', 300_000],
])('"%s" is a pause of %i ms', (value, ms) => {
  expect(pause(value, MORNING)).toBe(ms)
})

test('what stands behind a header is not read', () => {
  expect(pause('12', MORNING, '3')).toBe(12_000)
  expect(pause('Fri, 06 Nov 2026 08:50:00 GMT', MORNING, 'x')).toBe(23_000)
  expect(pause('Fri, 06 08:50:00 2026 Nov', MORNING, 'ember')).toBe(23_000)
  expect(pause('Fri, 06 Nov 08:50:00 2026', MORNING, '7')).toBe(23_000)
})

test('a retry waits from 1 ms to a ceiling that doubles from 500 ms to 30 s', () => {
  const longest = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]

  expect(longest.map((_, i) => parts.backoffMs(i + 1, 0xffff_ffff))).toEqual(longest)
  expect(longest.map((_, i) => parts.backoffMs(i + 1, 0x8000_0000))).toEqual(
    longest.map((ms) => ms / 2),
  )
  expect(longest.map((_, i) => parts.backoffMs(i + 1, 0))).toEqual(longest.map(() => 1))
  expect(parts.backoffMs(4_000_000_000, 0xffff_ffff)).toBe(30_000)
})

test('a heart beats once a second whatever the ticks are, and does not make a silence good', () => {
  const start = 1_000_000
  const beatsAt = (times: number[]) => times.filter((at) => parts.beats(BigInt(start + at)))

  expect(beatsAt([0, 999, 1000, 1001, 1999, 2000])).toEqual([0, 1000, 2000])
  // Late ticks do not move the beats that follow.
  expect(beatsAt([2999, 3070, 3999, 4000, 4999, 5999, 6000])).toEqual([3070, 4000, 5999, 6000])
  // So late that the next beat is due, too.
  expect(beatsAt([7999, 8000, 10_000, 10_999, 11_000])).toEqual([7999, 8000, 10_000, 11_000])
  expect(beatsAt([60_500, 60_501, 61_499, 61_500])).toEqual([60_500, 61_500])
})

/** A circuit after a first failure at 1000: it waits the whole 500 ms. */
function opened(): Handle {
  const circuit = parts.newCircuit()
  parts.called(circuit)
  parts.failed(circuit, 0, 1000n, 0)
  return circuit
}

const admitsAt = (circuit: Handle, ...times: number[]) =>
  times.filter((at) => parts.admits(circuit, BigInt(at)))

test('an open circuit admits one call when its pause is over', () => {
  const circuit = opened()

  expect([parts.isOpen(circuit), parts.generationOf(circuit)]).toEqual([1, 1])
  expect(admitsAt(circuit, 1000, 1499, 1500, 2000)).toEqual([1500, 2000])
  parts.called(circuit)
  expect(admitsAt(circuit, 1500, 99_000)).toEqual([])
  parts.failed(circuit, 1, 2000n, 0)
  expect(admitsAt(circuit, 2999, 3000)).toEqual([3000])
  parts.called(circuit)
  expect(parts.succeeded(circuit, 2)).toBe(1)
  expect([parts.isOpen(circuit), ...admitsAt(circuit, 0, 3000)]).toEqual([0, 0, 3000])
  parts.called(circuit)
  expect(admitsAt(circuit, 3000)).toEqual([3000])
})

test('after it was closed an outage begins with a short pause again', () => {
  const circuit = opened()
  parts.called(circuit)
  parts.failed(circuit, 1, 2000n, 0)
  parts.called(circuit)
  parts.succeeded(circuit, 2)

  parts.failed(circuit, 2, 5000n, 0)

  expect(admitsAt(circuit, 5499, 5500)).toEqual([5500])
})

test('answers to calls from before it opened close nothing and count as no failure', () => {
  const circuit = opened()
  parts.called(circuit)

  expect(parts.succeeded(circuit, 0)).toBe(0)
  parts.failed(circuit, 0, 1400n, 0)

  expect([parts.isOpen(circuit), parts.generationOf(circuit)]).toEqual([1, 1])
  expect(admitsAt(circuit, 99_000)).toEqual([])
  parts.failed(circuit, 1, 2000n, 0)
  expect(admitsAt(circuit, 2999, 3000)).toEqual([3000])
})

test('nothing to close is nothing that was closed', () => {
  expect(parts.succeeded(parts.newCircuit(), 0)).toBe(0)
})

test('the longest pause that any answer asks for holds', () => {
  const circuit = opened()
  parts.failed(circuit, 0, 1100n, 7000)
  expect(admitsAt(circuit, 8099, 8100)).toEqual([8100])
  parts.failed(circuit, 0, 1200n, 3000)
  expect(admitsAt(circuit, 8099, 8100)).toEqual([8100])

  const asked = parts.newCircuit()
  parts.failed(asked, 0, 1000n, 250)
  expect(admitsAt(asked, 1249, 1250)).toEqual([1250])
})
