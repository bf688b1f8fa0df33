import { InvalidArgumentError, Option } from 'commander'

/** Options of the sandbox's commands; each command takes those that mean something to it. */

export const upstream = (): Option =>
  new Option(
    '--upstream <URL>',
    'put the sandbox in front of your own API instead of the echo service',
  ).argParser(upstreamUrl)

export const envoy = (): Option =>
  new Option(
    '--envoy <FILE>',
    'run your own Envoy configuration; its Moesif clusters lead to the mock',
  ).conflicts(['upstream', 'config'])

export const config = (): Option =>
  new Option(
    '--config <FILE>',
    'plugin options (JSON); default: users and companies by header, batches within 1 s',
  )

export const plugin = (): Option => new Option('--plugin <FILE>', 'another build of the plugin')

export const port = (usual?: number): Option => portOption('--port', 'gateway port', usual)

export const mockPort = (usual?: number): Option =>
  portOption('--mock-port', 'port of the mock Moesif and its dashboard', usual)

export const adminPort = (usual?: number): Option =>
  portOption('--admin-port', "port of Envoy's admin interface", usual)

export const runtime = (): Option =>
  new Option('--runtime <NAME>', 'how Envoy runs; default: auto').choices([
    'process',
    'container',
    'auto',
  ])

export const traffic = (): Option =>
  new Option('--traffic', 'send a varied sample of requests, so that there is something to see')

export const open = (): Option => new Option('--open', 'open the dashboard in the browser')

const portOption = (flag: string, what: string, usual: number | undefined): Option =>
  new Option(
    `${flag} <N>`,
    usual === undefined
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
