import { expect, test } from 'vitest'
import { Status } from '#sandbox/emulated-plugin/index.ts'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'

const id = 'eyJhcHAiOiI0MjoxMjM0IiwidmVyIjoiMi4wIn0.secret'

function lines(scene: DeliveryScene): string[] {
  return scene.emulator.logs.entries.map((entry) => `${entry.level}: ${entry.message}`)
}

test('logs nothing while all is well', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2 })

  scene.request(50)
  scene.advance(60_000)
  expect(scene.ledger()).toMatchObject({ sent: 50 })
  scene.emulator.shutDown()

  expect(lines(scene)).toEqual([])
})

test('logs nothing about an outage that heals within five seconds', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2 })
  scene.collector.answerAlways({ status: 503 })

  scene.request(4)
  scene.advance(4000)
  scene.collector.answerAlways({ status: 201 })
  scene.advance(30_000)

  expect(lines(scene)).toEqual([])
  expect(scene.ledger()).toMatchObject({ sent: 4 })
})

test('logs an outage once a minute, and what to check', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2 })
  scene.collector.answerAlways({ unreachable: 'connection-refused' })

  scene.request(4)
  scene.advance(240_000)

  const times = scene.emulator.logs.entries.map(({ at }) => at)
  const pauses = times.slice(1).map((at, index) => at - times[index]!)
  expect(pauses.length).toBeGreaterThanOrEqual(2)
  // The line is written after the first failure of a new minute; failures are up to 30 s apart.
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(60_000)
  expect(Math.max(...pauses)).toBeLessThanOrEqual(95_000)
  for (const line of lines(scene)) {
    expect(line).toMatch(
      /^warn: moesif: delivery: no batch .* "moesif_api": .*says 503\. Check the address/,
    )
  }
})

test('distinguishes the collector’s own answer from Envoy’s', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2 })
  scene.collector.answerAlways({ status: 500 })

  scene.request(2)
  scene.advance(40_000)

  expect(lines(scene)[0]).toContain('the collector answers 500')
})

test('names the cluster that does not exist', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2, upstream: 'typo_api' })
  scene.collector.answerAlways({ refuse: Status.BadArgument })

  scene.request(2)
  scene.advance(40_000)

  expect(lines(scene)[0]).toMatch(/no cluster "typo_api".*"upstream"/)
})

test('says what to check when the collector refuses, once a minute', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1, moesif_application_id: id })
  scene.collector.answerAlways({ status: 401 })

  for (let second = 0; second < 59; second++) {
    scene.request(2)
    scene.advance(1000)
  }

  expect(lines(scene)).toHaveLength(1)
  expect(lines(scene)[0]).toMatch(
    /^error: moesif: delivery: .*status 401.*Check moesif_application_id/,
  )
})

test('says that events are dropped, how many, and why', async () => {
  const scene = await DeliveryScene.open({
    batch_max_size: 5,
    queue_max_bytes: 16_384,
    retry_max_age: 5000,
  })
  scene.collector.answerAlways({ status: 503 })

  scene.request(100)
  scene.advance(120_000)
  scene.request(1)

  const text = lines(scene).join('\n')
  expect(text).toMatch(
    /error: moesif: delivery: events dropped: 1\. The queue is full.*queue_max_bytes/,
  )
  expect(text).toMatch(
    /error: moesif: delivery: events dropped: \d+\. They waited longer than retry_max_age/,
  )
})

test('says how many events the end of a process cost', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 5, shutdown_max_bytes: 0 })
  scene.collector.answerAlways({ status: 503 })

  scene.request(42)
  scene.emulator.shutDown()

  expect(lines(scene).at(-1)).toMatch(/events dropped: 42\. .*docs\/delivery\.md/)
})

test('logs a line a batch with debug', async () => {
  const scene = await DeliveryScene.open({
    batch_max_size: 2,
    debug: true,
    moesif_application_id: id,
  })
  scene.collector.answerNext({ status: 503, delayMs: 12 })

  scene.request(2)
  scene.advance(2000)

  const batches = lines(scene).filter((line) => line.includes('delivery: batch of'))
  expect(batches).toHaveLength(2)
  expect(batches[0]).toMatch(
    /^info: moesif: delivery: batch of 2 events, \d+ bytes, try 1: answered 503 after 12 ms/,
  )
  expect(batches[1]).toContain('try 2: answered 201')
})

test('never logs a payload, an answer or more of the application id than its last four characters', async () => {
  const scene = await DeliveryScene.open({
    batch_max_size: 2,
    debug: true,
    moesif_application_id: id,
    queue_max_bytes: 16_384,
    retry_max_age: 10_000,
  })
  const secrets = 'payload-secret'
  for (const status of [401, 404, 503, 413, 500]) {
    scene.collector.answerAlways({
      status,
      body: 'answer-secret',
      headers: { 'x-answer': 'answer-secret' },
    })
    scene.request(60, { body: JSON.stringify(secrets.repeat(20)) })
    scene.advance(70_000)
  }
  scene.emulator.shutDown()

  const text = lines(scene).join('\n')
  expect(lines(scene).length).toBeGreaterThan(10)
  expect(text).not.toContain(secrets)
  expect(text).not.toContain('answer-secret')
  expect(text).toContain(id.slice(-4))
  expect(text).not.toContain(id.slice(-5))
})

test('cuts a line that a long name would make longer than its buffer', async () => {
  const upstream = 'u'.repeat(10_000)
  const scene = await DeliveryScene.open({ batch_max_size: 2, upstream })
  scene.collector.answerAlways({ refuse: Status.BadArgument })

  scene.request(2)
  scene.advance(40_000)

  expect(scene.emulator.logs.entries[0]?.message).toMatch(/no cluster "u+$/)
  expect(scene.emulator.logs.entries[0]?.message).toHaveLength(600)
})

test('shows nothing of an application id so short that its end would reveal much of it', async () => {
  const scene = await DeliveryScene.open({
    batch_max_size: 1,
    moesif_application_id: 'short-id-0042.x',
  })
  scene.collector.answerAlways({ status: 401 })

  scene.request(1)
  scene.advance(1000)

  expect(lines(scene)).toEqual([expect.stringMatching(/Check moesif_application_id\W*$/)])
})

test('a configuration logs its first drop at once, and its own only, whatever another one logged a moment ago', async () => {
  const scene = await DeliveryScene.open(null)
  scene.configure({ upstream: 'another_api' })
  for (let update = 1; update <= 4; update++) {
    const plugin = scene.configure({ shutdown_max_bytes: 0, upstream: `api_${update}` })
    scene.request(update, { plugin })
    plugin.remove()
  }

  const dropped = lines(scene).flatMap((line) => /events dropped: (\d+)\. /.exec(line)?.[1] ?? [])
  expect(dropped).toEqual(['1', '2', '3', '4'])
})
