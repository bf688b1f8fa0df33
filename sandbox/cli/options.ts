import { InvalidArgumentError, Option } from 'commander'
import type { Ports } from './ports.ts'

/** Options of the sandbox's commands; each command takes those that mean something to it. */

/** Of every command that makes a gateway. @param usual ports that are taken when none is given */
export const gateway = (usual: Ports): Option[] => [
  upstream(),
  config(),
  portOption('--port', 'gateway port', usual.port),
  portOption('--mock-port', 'port of the mock Moesif and its dashboard', usual.mockPort),
  portOption('--admin-port', "port of Envoy's admin interface", usual.adminPort),
]

/** Of those that somebody looks at. */
export const session = (): Option[] => [traffic(), open()]

const upstream = (): Option =>
  new Option(
    '--upstream <URL>',
    'put the sandbox in front of your own API instead of the echo service',
  ).argParser(upstreamUrl)

export const envoy = (): Option =>
  new Option(
    '--envoy <FILE>',
    'run your own Envoy configuration; its Moesif clusters lead to the mock',
  ).conflicts(['upstream', 'config'])

const config = (): Option =>
  new Option(
    '--config <FILE>',
    'plugin options (JSON); default: users and companies by header, batches within 1 s',
  )

export const plugin = (): Option => new Option('--plugin <FILE>', 'another build of the plugin')

export const runtime = (): Option =>
  new Option('--runtime <NAME>', 'how Envoy runs; default: auto').choices([
    'process',
    'container',
    'auto',
  ])

const traffic = (): Option =>
  new Option('--traffic', 'send a varied sample of requests, so that there is something to see')

const open = (): Option => new Option('--open', 'open the dashboard in the browser')

const portOption = (flag: string, what: string, usual: number): Option =>
  new Option(
    `${flag} <N>`,
    usual === 0
      ? `${what}, default: any free one`
      : `${what}, default ${usual}; 0 takes any free one`,
  ).argParser(portNumber)

function portNumber(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number <= 65_535) return number
  throw new InvalidArgumentError('Expected a port, 0 to 65535 (0 takes any free one).')
}

function upstreamUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new InvalidArgumentError('Expected a URL such as http://localhost:3000.')
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError(
      'Expected host, port and path alone, such as http://localhost:3000/base.',
    )
  }
  return text
}
