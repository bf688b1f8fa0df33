import { expect, test } from 'vitest'
import { helpText, parseCommandLine } from '#sandbox/cli/command-line.ts'

test.each([
  [['frob'], 'There is no command "frob": expected start, run, dev, validate, config'],
  [['start', '--bogus'], "Unknown option '--bogus'. See --help."],
  [['start', '--port', 'x'], '--port x: expected a port, 0 to 65535 (0 takes any free one)'],
  [
    ['start', '--port', '65536'],
    '--port 65536: expected a port, 0 to 65535 (0 takes any free one)',
  ],
  [['start', '--runtime', 'docker'], '--runtime docker: expected process, container or auto'],
  [
    ['start', '--upstream', 'localhost'],
    '--upstream localhost: expected a URL such as http://localhost:3000',
  ],
])('%j is refused with what is expected', (args, message) => {
  expect(() => parseCommandLine(args)).toThrow(message)
})

test('ports have defaults; a command that only needs a sandbox takes free ones', () => {
  expect(parseCommandLine(['start'])).toMatchObject({
    port: 10_000,
    mockPort: 9000,
    adminPort: 9901,
  })
  expect(parseCommandLine(['run', '--', 'npm', 'test'])).toMatchObject({
    rest: ['npm', 'test'],
    port: 0,
    mockPort: 0,
    adminPort: 0,
  })
})

test('nothing, help and --help show the help, which names every option', () => {
  for (const args of [[], ['help'], ['start', '--help']]) {
    expect(parseCommandLine(args).command).toBe('help')
  }
  for (const option of [
    'upstream',
    'port',
    'mock-port',
    'admin-port',
    'plugin',
    'config',
    'runtime',
  ]) {
    expect(helpText()).toContain(`--${option} `)
  }
})
