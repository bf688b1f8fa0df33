import { expect, test } from 'vitest'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'
import { Emulator, type FailurePolicy } from '#sandbox/emulator/index.ts'

const scripted = await compileFilter('sandbox/emulator/fixtures/scripted/filter.ts')

async function load(failurePolicy?: FailurePolicy) {
  const emulator = await Emulator.load(scripted)
  emulator.configure('-', failurePolicy ? { failurePolicy } : {})
  const statusOf = (script = '') =>
    emulator
      .worker(0)
      .exchange({ request: { headers: { 'x-script': script } }, response: { status: 201 } })
      .response?.headers.text(':status')
  return { emulator, statusOf }
}

test.each([
  [undefined, '503', '503'],
  ['FAIL_CLOSED', '503', '503'],
  ['FAIL_OPEN', '503', '201'],
  ['fail_open', '201', '201'],
] as const)(
  'under failure policy %s the request of a trap is answered %s, and later ones %s',
  async (policy, first, later) => {
    const { emulator, statusOf } = await load(policy)

    expect(statusOf('request_headers trap')).toBe(first)
    emulator.advance(60_000)
    expect(statusOf()).toBe(later)
    expect(emulator.traps).toMatchObject([{ callback: 'proxy_on_request_headers' }])
  },
)

test('under FAIL_RELOAD requests are answered 503 for a second, and then the filter runs in a new VM', async () => {
  const { emulator, statusOf } = await load('FAIL_RELOAD')

  expect(statusOf('request_headers trap')).toBe('503')
  emulator.advance(999)
  expect(statusOf()).toBe('503')
  emulator.advance(1)
  emulator.logs.entries.length = 0
  expect(statusOf('request_headers trap')).toBe('503')
  expect(emulator.logs.messages()).toContain('configure 1')
  emulator.advance(1000)
  expect(statusOf()).toBe('201')
  expect(emulator.traps).toHaveLength(2)
})

test('a trap of one worker leaves the others as they are', async () => {
  const emulator = await Emulator.load(scripted, { workers: 2 })
  emulator.configure('-')

  emulator.worker(0).exchange({ request: { headers: { 'x-script': 'log trap' } } })

  expect(emulator.worker(0).exchange().response?.headers.text(':status')).toBe('503')
  expect(emulator.worker(1).exchange().response?.headers.text(':status')).toBe('200')
})

test('a held body is kept up to the limit of the exchange', async () => {
  const emulator = await Emulator.load(scripted)
  emulator.configure('request_body return 1')
  const statusFor = (length: number, bufferLimit?: number) =>
    emulator
      .worker(0)
      .exchange({
        request: { method: 'POST', body: 'x'.repeat(length), unfinished: true },
        ...(bufferLimit && { bufferLimit }),
      })
      .response?.headers.text(':status')

  expect(statusFor(10, 10)).toBeUndefined()
  expect(statusFor(11, 10)).toBe('413')
  expect(statusFor(1_048_577)).toBe('413')
})

test.each([
  ['a read of a response body after the answer 2', 'response_body return 2;log body 1 0'],
  ['a write to a response body after the answer 3', 'response_body return 3;log setbody 1 0 0 x'],
  ['a local reply in on_log', 'log reply 403 no'],
  ['a local reply in on_done', 'done reply 403 no'],
  ['a second local reply to a response', 'response_body reply 403 no;response_body reply 404 no'],
])('where Envoy itself crashes the filter traps: %s', async (_what, script) => {
  const { emulator } = await load()
  const response = { body: 'text', trailers: { t: '1' } }
  emulator.worker(0).exchange({ request: { headers: { 'x-script': script } }, response })

  expect(emulator.traps.map(({ error }) => error.message)).toEqual([
    expect.stringContaining('Envoy 1.40 can end with a segmentation fault here: '),
  ])
})
