import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { endWithNpm } from './end-with-npm.ts'
import type { MockMoesifOptions, startMockMoesif } from './start-mock-moesif.ts'
import { workWhereCalled } from './work-where-called.ts'

const HELP = `Usage: mock-moesif [options]

Runs a mock of Moesif's collector, with a test API under /_mock and a page at /.

  --port N          port to listen on (default 9000; 0: any free one)
  --host ADDRESS    address to listen on (default 127.0.0.1; 0.0.0.0 lets containers in)
  --db FILE         keep everything in this file (default: in memory)
  --max-events N    events to hold, the oldest go first (default 100000)
  --max-bytes N     bytes of bodies to hold, the oldest go first (default 268435456)
  --app-id ID       welcome only this application id; may be repeated (default: any)
  --allow-host NAME also serve the page and the test API under this name; may be repeated
  --tls-cert FILE   serve over TLS, too, with this certificate (chain, PEM) …
  --tls-key FILE    … and its key (PEM)
  --tls-port N      port for TLS (default 9443; 0: any free one)
  --help            show this

The Envoy in front, for the page; its version and the plugin's options are read from its admin:
  --gateway-listener URL         where people call it
  --gateway-admin URL            where people reach its admin
  --gateway-admin-from-mock URL  where the mock reaches its admin (default: the same)
  --gateway-listener-from-mock URL  where the mock itself calls it (default: the same)
`

/** When a certificate is given, and no port. */
const TLS_PORT = '9443'

function optionsOf(args: string[]): MockMoesifOptions | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '9000' },
      host: { type: 'string' },
      db: { type: 'string' },
      'max-events': { type: 'string' },
      'max-bytes': { type: 'string' },
      'app-id': { type: 'string', multiple: true },
      'allow-host': { type: 'string', multiple: true },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      'tls-port': { type: 'string' },
      'gateway-listener': { type: 'string' },
      'gateway-admin': { type: 'string' },
      'gateway-admin-from-mock': { type: 'string' },
      'gateway-listener-from-mock': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return 'help'
  return {
    port: wholeNumber('port', values.port, 65_535),
    host: values.host,
    db: values.db,
    maxEvents: wholeNumber('max-events', values['max-events']),
    maxBytes: wholeNumber('max-bytes', values['max-bytes']),
    appIds: values['app-id'],
    allowHosts: values['allow-host'],
    tls: tlsOf(values['tls-cert'], values['tls-key'], values['tls-port']),
    gateway: gatewayOf(
      httpUrl('gateway-listener', values['gateway-listener']),
      httpUrl('gateway-admin', values['gateway-admin']),
      httpUrl('gateway-admin-from-mock', values['gateway-admin-from-mock']),
      httpUrl('gateway-listener-from-mock', values['gateway-listener-from-mock']),
    ),
  }
}

function gatewayOf(
  listenerUrl?: string,
  adminUrl?: string,
  adminUrlFromMock?: string,
  listenerUrlFromMock?: string,
) {
  if (listenerUrl !== undefined && adminUrl !== undefined)
    return {
      listenerUrl,
      adminUrl,
      ...(adminUrlFromMock !== undefined && { adminUrlFromMock }),
      ...(listenerUrlFromMock !== undefined && { listenerUrlFromMock }),
    }
  if ([listenerUrl, adminUrl, adminUrlFromMock, listenerUrlFromMock].every((url) => !url))
    return undefined
  throw new Error('--gateway-listener and --gateway-admin belong together: give both.')
}

function httpUrl(name: string, text: string | undefined): string | undefined {
  if (text === undefined || (/^https?:/.test(text) && URL.canParse(text))) return text
  throw new Error(`--${name} must be a URL such as http://localhost:9901, not "${text}".`)
}

function tlsOf(cert: string | undefined, key: string | undefined, port: string | undefined) {
  if (cert === undefined && key === undefined && port === undefined) return undefined
  if (cert === undefined || key === undefined) {
    const given = port === undefined ? '' : '--tls-port needs a certificate: '
    throw new Error(`${given}--tls-cert and --tls-key belong together: give both.`)
  }
  return {
    cert: readFileSync(cert, 'utf8'),
    key: readFileSync(key, 'utf8'),
    port: wholeNumber('tls-port', port ?? TLS_PORT, 65_535),
  }
}

function wholeNumber(name: string, text: string, max?: number): number
function wholeNumber(name: string, text: string | undefined, max?: number): number | undefined
function wholeNumber(name: string, text: string | undefined, max = Number.MAX_SAFE_INTEGER) {
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= max) return value
  throw new Error(`--${name} must be a whole number up to ${max}, not "${text}".`)
}

/** The program `mock-moesif`: everything but what starts the mock. */
export async function runCommandLine(start: typeof startMockMoesif): Promise<void> {
  endWithNpm()
  workWhereCalled()
  try {
    const options = optionsOf(process.argv.slice(2))
    if (options === 'help') {
      process.stdout.write(HELP)
      return
    }
    const moesif = await start(options)
    const tls = moesif.tlsPort === null ? '' : `, and for TLS on port ${moesif.tlsPort}`
    process.stdout.write(`Mock Moesif listens on ${moesif.url}${tls}\n`)
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void moesif.stop())
  } catch (error) {
    // What parseArgs says of an option may go on for lines: the first says what is wrong.
    const [reason] = (error as Error).message.split('\n')
    process.stderr.write(`${reason} (--help lists the options)\n`)
    process.exitCode = 1
  }
}
