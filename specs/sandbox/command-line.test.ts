import { afterEach, expect, test, vi } from 'vitest'
import { performCommandLine, type Commands } from '#sandbox/cli/command-line.ts'
import { config } from '#sandbox/cli/config.ts'
import { chosenPorts, FREE_PORTS, USUAL_PORTS } from '#sandbox/cli/ports.ts'

afterEach(() => void vi.restoreAllMocks())

/** What a command line comes to: the call of a command, or what is written. */
async function outcome(...args: string[]) {
  const calls: unknown[] = []
  const called =
    (name: keyof Commands) =>
    async (...given: unknown[]) => {
      calls.push([name, ...given])
      return 0
    }
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const exitCode = await performCommandLine(args, '1.2.3', {
    start: called('start'),
    run: called('run'),
    dev: called('dev'),
    validate: called('validate'),
    config: called('config'),
  })
  const textOf = (spy: typeof written) => spy.mock.calls.map(([text]) => text).join('')
  return { exitCode, calls, errors: textOf(written), output: textOf(printed) }
}

test.each([
  [['frob'], "unknown command 'frob'"],
  [['start', 'extra'], "too many arguments for 'start'"],
  [['start', '--bogus'], "unknown option '--bogus'"],
  [['start', '--prot', '1'], '(Did you mean --port?)'],
  [['start', '--port', 'x'], 'Expected a port, 0 to 65535 (0 takes any free one).'],
  [['start', '--port', '65536'], 'Expected a port'],
  [['start', '--runtime', 'docker'], 'Allowed choices are process, container, auto.'],
  [['start', '--upstream', 'localhost'], 'Expected a URL such as http://localhost:3000.'],
  [['start', '--upstream', 'ftp://localhost'], 'Expected a URL'],
  [['start', '--upstream', 'http://localhost/?a=1'], 'Expected host, port and path alone'],
  [['start', '--upstream', 'http://me:pw@localhost'], 'Expected host, port and path alone'],
  [
    ['start', '--envoy', 'e.yaml', '--upstream', 'http://localhost:3000'],
    "'--envoy <FILE>' cannot be used with option '--upstream <URL>'",
  ],
  [['run', '--envoy', 'e.yaml', '--config', 'c.json', '--', 'x'], 'cannot be used with option'],
  [['run'], "missing required argument 'command'"],
  [['run', '--traffic', '--', 'x'], "unknown option '--traffic'"],
  [['dev', '--envoy', 'e.yaml'], "unknown option '--envoy'"],
  [['dev', '--plugin', 'p.wasm'], "unknown option '--plugin'"],
  [['config', '--envoy', 'e.yaml'], "unknown option '--envoy'"],
  [['config', '--traffic'], "unknown option '--traffic'"],
  [['validate'], "missing required argument 'paths'"],
  [['validate', '--port', '1', 'x.yaml'], "unknown option '--port'"],
])('%j is refused with what is wrong, and exit code 2', async (args, message) => {
  const { exitCode, calls, errors } = await outcome(...args)

  expect(exitCode).toBe(2)
  expect(calls).toEqual([])
  expect(errors).toContain(message)
  expect(errors).toContain('--help')
})

test.each([
  [
    ['start', '--port', '0', '--mock-port', '9001', '--runtime', 'process', '--traffic', '--open'],
    ['start', { port: 0, mockPort: 9001, runtime: 'process', traffic: true, open: true }],
  ],
  [
    ['run', '--envoy', 'e.yaml', '--', 'npm', 'test', '--', '--bail'],
    ['run', { envoy: 'e.yaml' }, ['npm', 'test', '--', '--bail']],
  ],
  [
    ['dev', '--upstream', 'http://[::1]:3000/base'],
    ['dev', { upstream: 'http://[::1]:3000/base' }],
  ],
  [
    ['validate', 'a.yaml', 'b'],
    ['validate', {}, ['a.yaml', 'b']],
  ],
  [
    ['config', '--config', 'c.json'],
    ['config', { config: 'c.json' }],
  ],
])('%j performs the command with what is given, and nothing else', async (args, call) => {
  expect(await outcome(...args)).toMatchObject({ exitCode: 0, calls: [call] })
})

test.each([
  [[], 'Commands:'],
  [['help'], 'Commands:'],
  [['--help'], 'ENVOY_BIN'],
  [['start', '--help'], '--mock-port <N>'],
  [['--version'], '1.2.3'],
])('%j prints and ends well', async (args, text) => {
  expect(await outcome(...args)).toMatchObject({
    exitCode: 0,
    calls: [],
    output: expect.stringContaining(text) as string,
  })
})

test.each([
  [{ port: 9000 }, 'Port 9000 is wanted by both --port and --mock-port.'],
  [{ mockPort: 0 }, '--mock-port 0: the configuration has to name the port.'],
])(
  'config prints no configuration that sends events to itself or nowhere: %j',
  async (given, words) => {
    await expect(config(given)).rejects.toThrow(words)
  },
)

test('ports have usual values; a command that only needs a sandbox takes free ones', () => {
  expect(chosenPorts({ port: 8000 }, USUAL_PORTS)).toEqual({
    port: 8000,
    mockPort: 9000,
    adminPort: 9901,
  })
  expect(chosenPorts({}, FREE_PORTS)).toEqual({ port: 0, mockPort: 0, adminPort: 0 })
  expect(chosenPorts({}, USUAL_PORTS, 19_901).adminPort).toBe(19_901)
})
