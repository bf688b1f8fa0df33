import type { Sandbox } from '../sandbox.ts'

/** The addresses and hints that are printed at the start. */
export async function panel(
  { envoy, mock }: Sandbox,
  upstream: string,
  logFile: string,
): Promise<string> {
  const { runtime } = envoy
  const from = runtime.name === 'process' ? `process, ${runtime.source}` : 'container'
  const gateway = named(envoy.url)
  // A container's is no path of this machine.
  const sockets = runtime.name === 'process' ? await envoy.admin.unixSockets() : {}
  const rows = [
    ['Gateway', `${gateway}  ->  ${upstream}`],
    ...Object.entries(sockets).map(([name, path]) => ['Unix socket', `${path}  (${name})`]),
    ['Dashboard', named(mock.url)],
    ['Envoy admin', named(envoy.adminUrl)],
    ['Envoy log', logFile],
    ['Try', `curl ${gateway.startsWith('https:') ? '-k ' : ''}${gateway}/hello -H 'X-User-Id: u1'`],
  ]
  const lines = rows.map(([name = '', value]) => `  ${name.padEnd(13)}${value}`)
  return `
  Moesif for Envoy: the sandbox is up (Envoy ${envoy.version}, ${from})

${lines.join('\n')}

  Ctrl-C drains, delivers what is pending and stops.

`
}

const named = (url: string): string => url.replace('127.0.0.1', 'localhost')
