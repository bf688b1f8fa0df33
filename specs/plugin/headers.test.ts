import { expect, test } from 'vitest'
import { cpuTime } from '#specs/support/cpu-time.ts'
import { eventOf, eventsOf, startPlugin } from './support/plugin-under-test.ts'

test('repeated headers are joined with a comma, set-cookie too', async () => {
  const event = await eventOf({
    request: { headers: { accept: ['text/html', 'image/*'], 'x-once': '1' } },
    response: { headers: { 'set-cookie': ['a=1; Path=/', 'b=2', 'c=3'] } },
  })

  expect(event.request.headers).toMatchObject({ accept: 'text/html,image/*', 'x-once': '1' })
  expect(event.response?.headers['set-cookie']).toBe('a=1; Path=/,b=2,c=3')
})

test('pseudo-headers are no headers', async () => {
  const event = await eventOf({})

  const names = [
    ...Object.keys(event.request.headers),
    ...Object.keys(event.response?.headers ?? {}),
  ]
  expect(names.filter((name) => name.startsWith(':'))).toEqual([])
})

test('a name of one character is a name, one of none is left out', async () => {
  const event = await eventOf({ request: { headers: { '': 'nameless', x: '1', 'x-y': '2' } } })

  expect(event.request.headers).toMatchObject({ x: '1', 'x-y': '2' })
  expect(Object.keys(event.request.headers)).not.toContain('')
})

test('an empty value is a value', async () => {
  const event = await eventOf({ request: { headers: { 'x-empty': '' } } })

  expect(event.request.headers['x-empty']).toBe('')
})

test('quotes, backslashes and controls are escaped', async () => {
  const value = 'a "quoted" \\ value \t\u0001\u001f end'

  const event = await eventOf({ request: { headers: { 'x-odd': value } } })

  expect(event.request.headers['x-odd']).toBe(value)
})

test('UTF-8 stays, every other byte becomes U+FFFD', async () => {
  const valid = 'é € 😀 ~'
  const invalid = Buffer.concat([
    Buffer.from('ok '),
    Buffer.from([
      0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xc0, 0xaf, 0xf4, 0x90, 0x80, 0x80, 0xe2, 0x82,
    ]),
  ])

  const event = await eventOf({ request: { headers: { 'x-valid': valid, 'x-invalid': invalid } } })

  expect(event.request.headers['x-valid']).toBe(valid)
  const repaired = 'ok \ufffd\ufffd(' + '\ufffd'.repeat(11)
  expect(event.request.headers['x-invalid']).toBe(repaired)
})

test('values of every length around sixteen bytes come through whole', async () => {
  const headers: Record<string, string> = {}
  for (let length = 0; length < 70; length++) {
    headers[`x-plain-${length}`] = 'abcdefghij'.repeat(7).slice(0, length)
    headers[`x-special-${length}`] = `${'y'.repeat(length)}"é`
  }

  const event = await eventOf({ request: { headers } })

  expect(event.request.headers).toMatchObject(headers)
})

test('hundreds of headers, half of them repeated, come through', async () => {
  const pairs: [string, string][] = []
  for (let i = 0; i < 400; i++) pairs.push([`x-header-${i % 200}`, `v${i}`])

  const event = await eventOf({ request: { headers: pairs } })

  const names = Object.keys(event.request.headers).filter((name) => name.startsWith('x-header-'))
  expect(names).toHaveLength(200)
  expect(event.request.headers['x-header-7']).toBe('v7,v207')
})

test('masked headers are left out, whatever the case of their names', async () => {
  const options = {
    request_header_masks: ['Authorization', 'COOKIE'],
    response_header_masks: ['Set-Cookie'],
  }
  const event = await eventOf(
    {
      request: {
        headers: {
          authorization: 'Bearer s3cret',
          cookie: ['a=s3cret', 'b=s3cret'],
          'set-cookie': 'shown',
        },
      },
      response: { headers: { 'set-cookie': ['s3cret', 's3cret'], authorization: 'shown' } },
    },
    options,
  )

  expect(JSON.stringify(event)).not.toContain('s3cret')
  expect(event.request.headers['set-cookie']).toBe('shown')
  expect(event.response?.headers['authorization']).toBe('shown')
})

test('a masked request id is not in the metadata either', async () => {
  const options = { request_header_masks: ['x-request-id'] }

  const event = await eventOf({ request: { headers: { 'x-request-id': 's3cret' } } }, options)

  expect(JSON.stringify(event)).not.toContain('s3cret')
})

test('names that were made to collide cost what other names do, and none is lost', async () => {
  const emulator = await startPlugin()
  const count = 4000
  // Alike in length, in the first and in the last eight bytes.
  const colliding = Array.from({ length: count }, (_, i) => `x-attack${pad(i)}-headers`)
  const ordinary = Array.from({ length: count }, (_, i) => `${pad(i)}x-attack-headers`)
  const play = (names: string[]) => {
    const headers = Object.fromEntries(names.map((name) => [name, '1']))
    emulator.worker(0).exchange({ request: { headers: { ...headers, 'x-last': 'yes' } } })
  }
  // Linux may count the time of a thread in steps of four milliseconds.
  const cost = (names: string[]) => {
    const start = cpuTime()
    for (let round = 0; round < 5; round++) play(names)
    return cpuTime() - start
  }
  play(ordinary)

  const [usual, attacked] = [cost(ordinary), cost(colliding)]

  expect(attacked).toBeLessThan(10 * usual)
  const sent = eventsOf(emulator).at(-1)?.request.headers ?? {}
  expect(colliding.filter((name) => sent[name] !== '1')).toEqual([])
  expect(sent['x-last']).toBe('yes')
})

const pad = (number: number) => String(number).padStart(5, '0')
