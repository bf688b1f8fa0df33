import { expect, test } from 'vitest'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'
import { Emulator, type Plugin } from '#sandbox/emulator/index.ts'

const scripted = await compileFilter('sandbox/emulator/fixtures/scripted/filter.ts')

async function load() {
  const emulator = await Emulator.load(scripted)
  emulator.configure('tick 1000;request_headers call auth')
  return emulator
}

test.each([
  [{ workers: 0 }, 'The option workers has to be a whole number from 1, not 0.'],
  [{ workers: -1 }, 'from 1, not -1.'],
  [{ workers: 1.5 }, 'from 1, not 1.5.'],
  [{ workers: NaN }, 'from 1, not NaN.'],
  [{ workers: '2' as never }, 'from 1, not "2".'],
  [{ now: NaN }, 'The time `now` has to be Unix milliseconds, not NaN.'],
  [{ now: new Date() as never }, 'has to be Unix milliseconds, not '],
  [{ logLevel: 'warning' as never }, '"error", "critical", not "warning".'],
])('refuses the options %o', async (options, message) => {
  await expect(Emulator.load(scripted, options)).rejects.toThrow(message)
})

test.each([NaN, -5000, Infinity, '5' as never, undefined as never])(
  'refuses to advance by %o, and the clock stands where it stood',
  async (ms) => {
    const emulator = await load()
    const { now } = emulator.clock

    expect(() => emulator.advance(ms)).toThrow('has to be milliseconds from 0, not ')
    emulator.advance(1.5)
    expect(emulator.clock.now).toBe(now + 1.5)
  },
)

test.each([
  [{ durationMs: NaN }, 'The durationMs of an exchange has to be milliseconds from 0, not NaN.'],
  [{ durationMs: -1 }, 'from 0, not -1.'],
  [
    { bufferLimit: NaN },
    'The bufferLimit of an exchange has to be a whole number from 0, not NaN.',
  ],
  [
    { response: { status: -1 } },
    'The status of a response has to be a whole number from 0, not -1.',
  ],
  [{ response: { status: '200' as never } }, 'from 0, not "200".'],
  [{ response: { localReply: 'router' as never } }, '"while-decoding", "by-router", not "router".'],
  [{ protocol: 'h2' as never }, '"HTTP/1.1", "HTTP/2", "HTTP/3", not "h2".'],
])('refuses the exchange %o before a stream is opened', async (script, message) => {
  const worker = (await load()).worker(0)

  expect(() => worker.exchange(script)).toThrow(message)
  expect(worker.openStreams).toBe(0)
})

test('says why an exchange has no plugin', async () => {
  const emulator = await Emulator.load(scripted)
  const exchange = (...chain: Plugin[]) =>
    emulator.worker(0).exchange({}, ...(chain.length > 0 ? [chain] : []))
  expect(() => exchange()).toThrow('call emulator.configure(…) first.')
  const refused = emulator.configure('configure log 4 no_such_option;configure return 0')
  const silent = emulator.configure('configure return 0', { rootId: 'other' })
  const trapped = emulator.configure('configure trap', { vmId: 'other' })

  const why = 'it refused its configuration; it logged (error): no_such_option'
  expect(refused.accepted).toBe(false)
  expect(() => exchange(refused)).toThrow(`The plugin plugin is not on worker 0: ${why}`)
  expect(() => exchange(silent)).toThrow('it logged (info): configure 18')
  expect(() => exchange()).toThrow('The one configured last is not: it refused its configuration;')
  expect(() => exchange(trapped)).toThrow('(error): Function: proxy_on_configure failed: Uncau')
  const accepted = emulator.configure('-')
  expect(exchange().isOver).toBe(true)
  accepted.remove()
  expect(() => exchange(accepted)).toThrow('is not on worker 0: it was removed')
})

test('refuses a delay or a policy that is none', async () => {
  const emulator = await load()
  const { callouts, clock } = emulator

  expect(() => callouts.answerAlways({ status: 200, delayMs: NaN })).toThrow('not NaN.')
  expect(() => callouts.answerNext({ reset: true, delayMs: -1 })).toThrow('not -1.')
  callouts.answerNext(() => ({ status: 200, delayMs: Infinity }))
  expect(() => emulator.worker(0).exchange()).toThrow('The delayMs of an answer has to be')
  expect(() => clock.set(NaN)).toThrow('The time of clock.set() has to be Unix milliseconds')
  expect(() => clock.after(NaN, () => {})).toThrow('The delay of clock.after() has to be')
  expect(() => emulator.configure('-', { failurePolicy: 'open' as never })).toThrow('not "open".')
})
