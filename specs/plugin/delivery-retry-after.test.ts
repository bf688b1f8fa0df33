import { expect, test } from 'vitest'
import { constantRandom, DeliveryScene } from '#specs/support/delivery-scene.ts'

/** How long the second try of a batch waits for, the first being answered so, in ms. */
async function pauseAfter(retryAfter: string, status = 429): Promise<number> {
  const scene = await DeliveryScene.open(
    { batch_max_size: 1, retry_max_age: 3_600_000 },
    { now, random: constantRandom(0xff) },
  )
  scene.collector.answerNext({ status, headers: { 'retry-after': retryAfter } })
  scene.request(1)
  scene.advance(1_000_000)
  return scene.calls[1]!.at - scene.calls[0]!.at
}

const now = Date.UTC(2026, 10, 6, 8, 49, 37)
const backoff = 500

const pauses: [string, number][] = [
  ['1', 1000],
  ['7', 7000],
  ['0', backoff],
  ['Fri, 06 Nov 2026 08:50:00 GMT', 23_000],
  ['Friday, 06-Nov-26 08:50:00 GMT', 23_000],
  ['Fri Nov  6 08:50:00 2026', 23_000],
  ['Fri, 06 Nov 2026 08:49:37 GMT', backoff],
  ['Sun, 06 Nov 1994 08:49:37 GMT', backoff],
  ['soon', backoff],
  ['', backoff],
  ['-5', backoff],
  ['1.5', backoff],
  ['Fri, 06 Foo 2026 08:50:00 GMT', backoff],
  ['99:99:99 99', backoff],
]

for (const [retryAfter, pause] of pauses) {
  test(`waits ${pause / 1000} s after "Retry-After: ${retryAfter}"`, async () => {
    expect(await pauseAfter(retryAfter)).toBe(pause)
  })
}

test('knows leap days and the turn of the year', async () => {
  const scene = await DeliveryScene.open(
    { batch_max_size: 1 },
    { now: Date.UTC(2028, 1, 28, 23, 59, 0), random: constantRandom(0) },
  )
  scene.collector.answerNext({
    status: 503,
    headers: { 'retry-after': 'Tue, 29 Feb 2028 00:00:30 GMT' },
  })

  scene.request(1)
  scene.advance(120_000)

  expect(scene.calls[1]!.at - scene.calls[0]!.at).toBe(90_000)
})

test('knows where every month ends, in leap years and in others', async () => {
  for (const year of [2023, 2024, 2100, 2400]) {
    for (let month = 1; month <= 12; month++) {
      const end = Date.UTC(year, month)
      const scene = await DeliveryScene.open({ batch_max_size: 1 }, { now: end - 1000 })
      const retryAfter = new Date(end + 1000).toUTCString()
      scene.collector.answerNext({ status: 503, headers: { 'retry-after': retryAfter } })
      scene.request(1)
      scene.advance(1999)
      expect(scene.calls, retryAfter).toHaveLength(1)
      scene.advance(101)
      expect(scene.calls, retryAfter).toHaveLength(2)
    }
  }
})

for (const retryAfter of ['86400', '99999999999999999999', 'Fri, 01 Jan 2027 00:00:00 GMT']) {
  test(`waits five minutes at most, also after "Retry-After: ${retryAfter}"`, async () => {
    expect(await pauseAfter(retryAfter)).toBe(300_000)
  })
}

test('honours Retry-After on 503 as on 429', async () => {
  expect(await pauseAfter('7', 503)).toBe(7000)
})

test('sends nothing at all while the collector has asked for a pause', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 })
  scene.collector.answerNext({ status: 429, headers: { 'retry-after': '10' } })

  for (let second = 0; second < 9; second++) {
    scene.request(2)
    scene.advance(1000)
  }
  const during = scene.calls.length
  scene.advance(1100)

  expect(during).toBe(1)
  expect(scene.ledger()).toMatchObject({ captured: 18, sent: 18, pending: 0 })
})
