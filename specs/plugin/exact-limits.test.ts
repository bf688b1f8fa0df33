import { expect, test } from 'vitest'
import { loadParts } from './support/parts.ts'

const room = await loadParts()
const parts = room.exports

const BODIES = 64 * 1024 * 1024
const ALL = 96 * 1024 * 1024

test('bodies of open exchanges may take 64 MiB, and headers what is left of 96 MiB', () => {
  expect(parts.takeForBody(BODIES + 1)).toBe(0)
  expect(parts.takeForBody(BODIES - 1)).toBe(1)
  expect(parts.takeForBody(2)).toBe(0)
  expect(parts.takeForBody(1)).toBe(1)
  expect(parts.takeForBody(1)).toBe(0)
  expect(parts.takeForHeaders(ALL - BODIES + 1)).toBe(0)
  expect(parts.takeForHeaders(ALL - BODIES)).toBe(1)
  expect(parts.takeForHeaders(1)).toBe(0)
  // What was refused has taken nothing, and what is given back is there again.
  parts.giveBack(ALL)
  expect(parts.takeForHeaders(ALL + 1)).toBe(0)
  expect(parts.takeForHeaders(ALL)).toBe(1)
  expect(parts.takeForBody(1)).toBe(0)
  parts.giveBack(ALL)
})

/** Where a `base_uri` leads to: authority, and path in front of Moesif's own. */
function split(uri: string, behind = ''): [authority: string, prefix: string] {
  const at = room.place(Buffer.from(uri + behind))
  const to = room.allocate(16)
  parts.baseUri(at, uri.length, to)
  const words = new Uint32Array(new Uint8Array(room.read(to, 16)).buffer)
  const text = (i: number) => room.read(words[i]!, words[i + 1]!).toString()
  const result: [string, string] = [text(0), text(2)]
  room.release(at, to)
  return result
}

const moesif = 'api.moesif.net'

test.each([
  ['https://a.test', '', 'a.test', ''],
  ['a.test/x', '', 'a.test', '/x'],
  ['a', '', 'a', ''],
  ['', 'x', moesif, ''],
  ['/', 'x', moesif, ''],
  ['/x://y', '', moesif, '/x://y'],
  ['https://', 'x', moesif, ''],
  ['https:/', '/x', 'https:', ''],
  ['https:', '//x', 'https:', ''],
  ['https:x//y', '', 'https:x', '//y'],
  ['https:/x', '', 'https:', '/x'],
  ['a:80', '', 'a:80', ''],
  ['https:///', '', moesif, ''],
  ['https:///v1', '', moesif, ''],
  ['https:////v1', '', moesif, ''],
  ['https://a', '/b', 'a', ''],
  ['https://a/', '/v1', 'a', ''],
  ['https://a//', '', 'a', ''],
  ['https://a/v1', '', 'a', ''],
  ['https://a/v', '1', 'a', '/v'],
  ['https://a/v1/v1', '', 'a', '/v1'],
  ['https://a//v1//', '', 'a', ''],
  ['https://a/v2', '', 'a', '/v2'],
  ['https://a/xv1', '', 'a', '/xv1'],
  ['https://a/x/v1?y', '', 'a', '/x'],
  ['https://a?/v1', '', 'a', ''],
  ['https://a#/v1', '', 'a', ''],
  ['https://a/x#y?z', '', 'a', '/x'],
  ['https://a?b#c', '', 'a', ''],
  ['?https://a', '', moesif, ''],
  ['https://u@a', '', 'a', ''],
  ['https://u:p@w@a:1/x@y', '', 'a:1', '/x@y'],
  ['https://u@', '', moesif, ''],
  ['@', 'x', moesif, ''],
])('base_uri "%s", before "%s", leads to %s with %s', (uri, behind, authority, prefix) => {
  expect(split(uri, behind)).toEqual([authority, prefix])
})

/** A table of so many keys, each with a number; what `use` makes of it. */
function withTable<T>(use: (table: Table) => T): T {
  const table = parts.newTable()
  const at = room.allocate(70_000)
  const put = (key: string) => {
    // Whatever follows a key is no part of it.
    room.write(at, Buffer.from(`${key}\u0007beyond its end`))
    return Buffer.byteLength(key)
  }
  try {
    return use({
      add: (key, value) => parts.addKey(table, at, put(key), value) !== 0,
      get: (key) => parts.valueOfKey(table, at, put(key)),
      count: () => parts.countOfKeys(table),
    })
  } finally {
    parts.freeTable(table)
    room.release(at)
  }
}

interface Table {
  add(key: string, value: number): boolean
  get(key: string): number
  count(): number
}

test('a table finds each of its keys, however many there are, and no other', () => {
  for (const count of [0, 1, 2, 47, 48, 49, 64, 96, 97, 1000]) {
    withTable((table) => {
      for (let i = 0; i < count; i++) expect(table.add(`key-${i}`, i)).toBe(true)

      expect(table.count()).toBe(count)
      for (let i = 0; i < count; i++) expect(table.get(`key-${i}`)).toBe(i)
      expect([table.get(`key-${count}`), table.get('key-'), table.get('')]).toEqual([-1, -1, -1])
    })
  }
})

test('a key of any length is itself, to its last byte', () => {
  withTable((table) => {
    const keys = Array.from({ length: 40 }, (_, length) => 'k'.repeat(length))
    for (const [i, key] of keys.entries()) table.add(key, i)
    for (const [i, key] of keys.entries()) table.add(`${key}!`, 100 + i)

    expect(keys.map((key) => table.get(key))).toEqual(keys.map((_, i) => i))
    expect(keys.map((key) => table.get(`${key}!`))).toEqual(keys.map((_, i) => 100 + i))
    expect(keys.map((key) => table.get(`${key}?`))).toEqual(keys.map(() => -1))
  })
})

test('of a key that is added twice the last value counts, and it counts once', () => {
  withTable((table) => {
    table.add('a', 1)
    table.add('b', 2)
    table.add('a', 3)

    expect([table.get('a'), table.get('b'), table.count()]).toEqual([3, 2, 2])
  })
})

test('a key has 65,535 bytes at most', () => {
  withTable((table) => {
    expect(table.add('k'.repeat(65_535), 7)).toBe(true)
    expect(table.add('k'.repeat(65_536), 8)).toBe(false)

    expect([table.get('k'.repeat(65_535)), table.count()]).toEqual([7, 1])
  })
})

/** The earliest and the latest of many draws. */
function range(draw: () => bigint, values = 5000): [number, number] {
  let [least, most] = [Infinity, -Infinity]
  // So many that each of the values is missed once in 10⁹ times.
  for (let i = 0; i < values * 21; i++) {
    const value = Number(draw())
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return [least, most]
}

const NOW = 1_800_000_000_000n
const HOUR = 3_600_000n
const pause = (): bigint => parts.dueAt() - NOW

test('gateways that start together ask first within five seconds', () => {
  expect(
    range(() => {
      parts.begin(NOW)
      return pause()
    }),
  ).toEqual([0, 4999])
})

test('a document is asked for again after 50 to 70 seconds', () => {
  parts.begin(NOW)
  expect(
    range(() => {
      parts.fetched(NOW, 1n)
      return pause()
    }, 20_000),
  ).toEqual([50_000, 69_999])
  expect(
    range(() => {
      parts.putOff(NOW)
      return pause()
    }, 20_000),
  ).toEqual([50_000, 69_999])
})

test('after a failure it is asked for again after 3 s and a pause that doubles', () => {
  const pauses = [1, 2, 3].map((failures) =>
    range(() => {
      parts.begin(NOW)
      for (let i = 0; i < failures; i++) parts.notFetched(NOW)
      return pause()
    }),
  )
  expect(pauses).toEqual([
    [3001, 3500],
    [3001, 4000],
    [3001, 5000],
  ])
  parts.begin(NOW)
  for (let i = 0; i < 9; i++) parts.notFetched(NOW)
  parts.fetched(NOW, 1n)
  parts.notFetched(NOW)
  expect(pause()).toBeLessThanOrEqual(3500n)
})

test('a tag that is new is a reason to ask within three seconds, but not so soon after the last time', () => {
  expect(
    range(() => {
      parts.begin(NOW - HOUR)
      parts.fetched(NOW, 1n)
      parts.sawTag(2n, NOW)
      return pause()
    }),
  ).toEqual([0, 2999])
  expect(
    range(() => {
      parts.begin(NOW - HOUR)
      parts.lease(NOW - 1000n, 0)
      parts.fetched(NOW, 1n)
      parts.sawTag(2n, NOW)
      return pause()
    }),
  ).toEqual([2000, 4999])
  // What is due sooner is not put off.
  parts.begin(NOW - HOUR)
  parts.setDueAt(NOW - 1n)
  parts.sawTag(2n, NOW)
  expect(pause()).toBe(-1n)
})

test('a tag that is here, wanted or being asked for changes nothing', () => {
  parts.begin(NOW - HOUR)
  parts.fetched(NOW, 1n)
  parts.setDueAt(NOW + HOUR)

  // That the one which is here was seen is noted once in twenty seconds.
  expect([NOW, NOW + 19_999n, NOW + 20_000n].map((now) => parts.sawTag(1n, now))).toEqual([1, 0, 1])
  expect(parts.dueAt()).toBe(NOW + HOUR)
  expect([parts.sawTag(2n, NOW), parts.sawTag(2n, NOW)]).toEqual([1, 0])
  expect(parts.dueAt()).toBeLessThan(NOW + 3000n)
  parts.lease(NOW, 1000)
  expect([parts.sawTag(2n, NOW), parts.sawTag(3n, NOW)]).toEqual([0, 1])
})

test('a tag that was asked for in vain is left to time, until another document comes', () => {
  parts.begin(NOW - HOUR)
  parts.fetched(NOW, 1n)
  parts.sawTag(2n, NOW)
  parts.lease(NOW, 1000)
  parts.fetched(NOW, 1n)
  expect(parts.sawTag(2n, NOW)).toBe(0)
  parts.fetched(NOW, 1n)
  expect(parts.sawTag(2n, NOW)).toBe(0)

  parts.fetched(NOW, 3n)
  expect([parts.sawTag(1n, NOW), parts.sawTag(2n, NOW)]).toEqual([1, 1])
})

/** How long after a document the next fetch is due, another tag having been seen while it was on its way. */
const seenMeanwhile = (tag: bigint) => {
  parts.begin(NOW - HOUR)
  parts.lease(NOW, 1000)
  parts.sawTag(tag, NOW)
  parts.fetched(NOW, 7n)
  return parts.dueAt() - NOW
}

test('a tag that is seen while an answer is on its way is asked for afterwards, unless that brought it', () => {
  expect(seenMeanwhile(7n)).toBeGreaterThanOrEqual(50_000n)
  expect(seenMeanwhile(8n)).toBeLessThan(6000n)
})

/** Which tags are known when a fetch failed that tag 2 had led to. */
const wantedAfterFailure = (meanwhile?: bigint) => {
  parts.begin(NOW - HOUR)
  parts.fetched(NOW - HOUR, 1n)
  parts.sawTag(2n, NOW)
  parts.lease(NOW, 1000)
  if (meanwhile) parts.sawTag(meanwhile, NOW)
  parts.notFetched(NOW)
  return [2n, 3n].filter((tag) => !parts.sawTag(tag, NOW))
}

test('a tag that was asked for when the fetch failed is still wanted, as long as no newer one is', () => {
  expect(wantedAfterFailure()).toEqual([2n])
  expect(wantedAfterFailure(3n)).toEqual([])
})

test('reading an answer prolongs the lease, and asks for no other tag', () => {
  parts.begin(NOW - HOUR)
  parts.fetched(NOW - HOUR, 1n)
  parts.setDueAt(NOW)
  parts.sawTag(2n, NOW)
  parts.prolong(NOW, 1000)

  expect([NOW + 5999n, NOW + 6000n].map((now) => parts.isDue(now))).toEqual([0, 1])
  expect(parts.sawTag(2n, NOW)).toBe(0)
  parts.fetched(NOW, 1n)
  expect(parts.dueAt()).toBeLessThan(NOW + 3000n)
})

/** Whether a fetch may wait; the tag was seen, and the document confirmed, so long ago. */
const confirmed = (seenAgo: bigint, confirmedAgo: bigint) => {
  parts.begin(NOW - HOUR)
  parts.fetched(NOW - confirmedAgo, 1n)
  parts.sawTag(1n, NOW - seenAgo)
  return parts.mayPutOff(NOW)
}

test('while tags confirm a document it is not asked for, for ten minutes', () => {
  expect([confirmed(0n, 0n), confirmed(59_999n, 59_999n), confirmed(60_000n, 60_000n)]).toEqual([
    1, 1, 0,
  ])
  expect([confirmed(0n, 599_999n), confirmed(0n, 600_000n)]).toEqual([1, 0])
  confirmed(0n, 0n)
  parts.sawTag(2n, NOW)
  expect(parts.mayPutOff(NOW)).toBe(0)
  confirmed(0n, 0n)
  parts.notFetched(NOW)
  expect(parts.mayPutOff(NOW)).toBe(0)
})

test('one worker asks at a time, until its call has timed out and five seconds more', () => {
  parts.begin(NOW - HOUR)
  parts.setDueAt(NOW)
  expect([NOW - 1n, NOW].map((now) => parts.isDue(now))).toEqual([0, 1])
  parts.lease(NOW, 1000)
  expect([NOW, NOW + 5999n, NOW + 6000n].map((now) => parts.isDue(now))).toEqual([0, 0, 1])
  parts.fetched(NOW, 1n)
  parts.setDueAt(NOW)
  expect(parts.isDue(NOW)).toBe(1)
  parts.lease(NOW, 1000)
  parts.notFetched(NOW)
  parts.setDueAt(NOW)
  expect(parts.isDue(NOW)).toBe(1)
})

test('times more than an hour ahead are of a clock that was set back', () => {
  parts.begin(NOW - HOUR)
  parts.setDueAt(NOW + HOUR)
  expect(parts.isDue(NOW)).toBe(0)
  parts.setDueAt(NOW + HOUR + 1n)
  expect(parts.isDue(NOW)).toBe(1)
  parts.setDueAt(NOW)
  parts.lease(NOW + HOUR - 5001n, 0)
  expect(parts.isDue(NOW)).toBe(0)
  parts.lease(NOW + HOUR - 5000n, 0)
  expect(parts.isDue(NOW)).toBe(1)
})

/** Of so many exchanges of a rate: what those that are kept stand for, and how many stand for how many. */
function drawn(rate: number, draws: number): { weights: Record<number, number>; total: number } {
  const weights: Record<number, number> = {}
  let total = 0
  for (let i = 0; i < draws; i++) {
    const weight = parts.settledWeight(rate)
    weights[weight] = (weights[weight] ?? 0) + 1
    total += weight
  }
  return { weights, total }
}

test('of hundredths of a percent each is kept as often as it says, none at 0, all at 10,000', () => {
  const draws = 100_000

  expect(drawn(0, draws).weights).toEqual({ 0: draws })
  expect(drawn(10_000, draws).weights).toEqual({ 1: draws })
  expect(Object.keys(drawn(5000, draws).weights)).toEqual(['0', '2'])
  expect(Object.keys(drawn(9999, draws).weights)).toEqual(['0', '1', '2'])
  expect(Object.keys(drawn(3, draws).weights)).toEqual(['0', '3333', '3334'])
  for (const rate of [9999, 7000, 3400, 2500]) {
    const { weights, total } = drawn(rate, draws)
    expect(Math.abs(total - draws) / draws, `${rate}`).toBeLessThan(0.025)
    expect(Math.abs(draws - weights[0]! - (draws * rate) / 10_000)).toBeLessThan(draws * 0.025)
  }
})
