import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { sampleEvent, send, withStatus } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())

test('gives back what it exported, NDJSON and JSON', async () => {
  const source = moesif.application('source')
  await send(moesif.url, [sampleEvent(), withStatus(500, { user_id: 'é' })], source.id)
  const original = (await source.events()).map(({ event }) => event)

  for (const format of ['ndjson', 'json'] as const) {
    const target = moesif.application(`target-${format}`)
    const exported = await source.export(format)
    const text = typeof exported === 'string' ? exported : JSON.stringify(exported)

    expect(await target.import(text)).toBe(2)
    expect((await target.events()).map(({ event }) => event)).toEqual(original)
    expect(await target.counts()).toMatchObject({ received: 2, good: 2 })
  }
})

test('imports into the applications the export names', async () => {
  await using other = await startMockMoesif()
  await send(other.url, [sampleEvent()], 'one')
  await send(other.url, [sampleEvent()], 'two')
  const text = await fetch(`${other.url}/_mock/events/export`).then((response) => response.text())
  await other.resetAll()
  await fetch(`${other.url}/_mock/events/import`, { method: 'POST', body: text })

  expect(
    (await other.applications()).map(({ applicationId, counts }) => [applicationId, counts.events]),
  ).toEqual([
    ['one', 1],
    ['two', 1],
  ])
})

test('does not call an archive late', async () => {
  const old = sampleEvent()
  old.request.time = '2020-01-01T00:00:00.000Z'
  await moesif.application('archive').import(JSON.stringify(old))

  expect(await moesif.application('archive').counts()).toMatchObject({ good: 1 })
})

test('says which line is wrong', async () => {
  await expect(
    moesif.application('x').import(`${JSON.stringify(sampleEvent())}\n{`),
  ).rejects.toThrow(/Line 2 is not JSON/)
})

test('exports HAR that a browser would read', async () => {
  const app = moesif.application('har')
  // One sample: two are a millisecond apart now and then.
  const sample = sampleEvent()
  await send(
    moesif.url,
    [
      {
        ...sample,
        request: {
          ...sample.request,
          verb: 'POST',
          body: 'aGVsbG8=',
          transfer_encoding: 'base64',
        },
      },
    ],
    app.id,
  )
  const har = (await app.export('har')) as { log: { version: string; entries: any[] } }

  expect(har.log.version).toBe('1.2')
  expect(har.log.entries).toMatchObject([
    {
      time: 5,
      request: {
        method: 'POST',
        url: 'https://api.example.com/orders/1?page=2',
        headers: [
          { name: 'accept', value: 'application/json' },
          { name: 'x-id', value: 'abc' },
        ],
        queryString: [{ name: 'page', value: '2' }],
        postData: { text: 'hello' },
        bodySize: 5,
      },
      response: {
        status: 200,
        content: { text: '{"total":3}', mimeType: 'application/json', size: 11 },
      },
    },
  ])
})

test('exports only what a filter finds', async () => {
  const app = moesif.application('filtered')
  await send(moesif.url, [sampleEvent(), withStatus(500)], app.id)

  expect(await app.events({ where: 'status:500' })).toHaveLength(1)
})

test('a HAR has forms, cookies, redirects and binary bodies where its readers look for them', async () => {
  const app = moesif.application('har-details')
  const form = sampleEvent()
  const binary = Buffer.from([0xff, 0xfe, 0]).toString('base64')
  await send(
    moesif.url,
    [
      {
        ...form,
        request: {
          ...form.request,
          headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: 'a=1; b=x=y' },
          body: Buffer.from('q=1&name=a%20b').toString('base64'),
          transfer_encoding: 'base64',
        },
        response: {
          ...form.response!,
          status: 302,
          time: new Date(Date.parse(form.request.time) - 5000).toISOString(),
          headers: { location: '/there', 'set-cookie': 'session=s1; Path=/; HttpOnly' },
        },
      },
      {
        ...sampleEvent(),
        request: { ...form.request, body: binary, transfer_encoding: 'base64' },
        response: { ...form.response!, body: binary, transfer_encoding: 'base64' },
      },
    ],
    app.id,
  )
  const exported = (await app.export('har')) as { log: { entries: any[] } }
  const [first, second] = exported.log.entries

  expect(first).toMatchObject({
    time: 0,
    comment: 'The response is 5000 ms before its request',
    request: {
      postData: {
        text: 'q=1&name=a%20b',
        params: [
          { name: 'q', value: '1' },
          { name: 'name', value: 'a b' },
        ],
      },
      cookies: [
        { name: 'a', value: '1' },
        { name: 'b', value: 'x=y' },
      ],
    },
    response: { redirectURL: '/there', cookies: [{ name: 'session', value: 's1' }] },
  })
  expect(second.request.postData).toMatchObject({ text: '', _base64: binary })
  expect(second.response.content).toMatchObject({ text: binary, encoding: 'base64', size: 3 })

  await moesif.application('har-back').import(JSON.stringify(exported))
  const [, back] = await moesif.application('har-back').events()
  expect(back!.event.request.body).toBe(binary)
})
