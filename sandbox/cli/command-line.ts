import { parseArgs } from 'node:util'
import { UserError } from './user-error.ts'

/** Options of every command that starts a sandbox; the help text is made of them. */
const START_OPTIONS = {
  upstream: {
    type: 'string',
    value: 'URL',
    help: 'put the sandbox in front of your own API instead of the echo service',
  },
  envoy: {
    type: 'string',
    value: 'FILE.yaml',
    help: 'run your own Envoy configuration; its Moesif cluster leads to the mock',
  },
  config: {
    type: 'string',
    value: 'FILE.json',
    help: 'plugin options (JSON); default: users and companies by header, batches within 1 s',
  },
  plugin: { type: 'string', value: 'FILE.wasm', help: 'another build of the plugin' },
  port: { type: 'string', value: 'N', help: 'gateway port, default 10000; 0 takes any free one' },
  'mock-port': {
    type: 'string',
    value: 'N',
    help: 'port of the mock Moesif and its dashboard, default 9000',
  },
  'admin-port': {
    type: 'string',
    value: 'N',
    help: "port of Envoy's admin interface, default 9901",
  },
  runtime: {
    type: 'string',
    value: 'NAME',
    help: 'how Envoy runs: process, container or auto (default)',
  },
  traffic: {
    type: 'boolean',
    value: '',
    help: 'send a varied sample of requests, so that there is something to see',
  },
  open: { type: 'boolean', value: '', help: 'open the dashboard in the browser' },
  help: { type: 'boolean', value: '', help: 'show this text' },
  version: { type: 'boolean', value: '', help: 'show the version' },
} as const

const COMMANDS = {
  start: 'start the sandbox: Envoy with the plugin, an upstream, a mock Moesif with its dashboard',
  run: 'run -- COMMAND …: start a sandbox, run the command against it, end with its exit code',
  dev: 'start, and load the plugin anew whenever its sources change',
  validate:
    'validate FILE: judge plugin options (JSON), an Envoy configuration or Istio manifests (YAML)',
  config: 'print the Envoy configuration that the given options make',
} as const

type Command = keyof typeof COMMANDS

export interface CommandLine {
  command: Command | 'help' | 'version'
  /** What follows the options: a file, or the command after `--`. */
  rest: string[]
  upstream: string | undefined
  envoy: string | undefined
  config: string | undefined
  plugin: string | undefined
  port: number
  mockPort: number
  adminPort: number
  runtime: 'process' | 'container' | 'auto' | undefined
  traffic: boolean
  open: boolean
}

/** @throws UserError for anything that is no command line of ours */
export function parseCommandLine(args: string[]): CommandLine {
  const { values, positionals } = parse(args)
  const [name = 'help', ...rest] = positionals
  if (!Object.hasOwn(COMMANDS, name) && name !== 'help') {
    throw new UserError(
      `There is no command "${name}": expected ${Object.keys(COMMANDS).join(', ')}`,
    )
  }
  const anyPort = name === 'run' ? 0 : undefined
  return {
    command: values.version ? 'version' : values.help ? 'help' : (name as CommandLine['command']),
    rest,
    upstream: upstreamUrl(values.upstream),
    envoy: values.envoy,
    config: values.config,
    plugin: values.plugin,
    port: port('--port', values.port, anyPort ?? 10_000),
    mockPort: port('--mock-port', values['mock-port'], anyPort ?? 9000),
    adminPort: port('--admin-port', values['admin-port'], anyPort ?? 9901),
    runtime: runtimeName(values.runtime),
    traffic: values.traffic ?? false,
    open: values.open ?? false,
  }
}

export function helpText(): string {
  const commands = Object.entries(COMMANDS).map(([name, help]) => `  ${name.padEnd(22)}${help}`)
  const options = Object.entries(START_OPTIONS).map(
    ([name, { value, help }]) => `  ${`--${name} ${value}`.padEnd(22)}${help}`,
  )
  return `A real Envoy with the Moesif plugin, in front of an echo service or your own API, and a mock Moesif behind it.

Usage: npm start -- [options]
       npm run sandbox -- <command> [options]

Commands:
${commands.join('\n')}

Options:
${options.join('\n')}

Environment:
  ENVOY_BIN             an Envoy binary to run
  ENVOY_RUNTIME         as --runtime
  ENVOY_VERSION         another Envoy than the pinned one

Example:
  npm start -- --upstream http://localhost:3000 --config options.json
`
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: START_OPTIONS, allowPositionals: true })
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ')
    throw new UserError(`${sentence}. See --help.`)
  }
}

function port(option: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  const number = Number(text)
  if (/^\d+$/.test(text) && number <= 65_535) return number
  throw new UserError(`${option} ${text}: expected a port, 0 to 65535 (0 takes any free one)`)
}

function runtimeName(name: string | undefined): CommandLine['runtime'] {
  if (name === undefined || name === 'process' || name === 'container' || name === 'auto') {
    return name
  }
  throw new UserError(`--runtime ${name}: expected process, container or auto`)
}

function upstreamUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return url
  throw new UserError(`--upstream ${url}: expected a URL such as http://localhost:3000`)
}
