import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import { startWatchedEnvoy } from '#specs/support/watched-envoy.ts'
import { CertificateAuthority, type Certificate } from '#specs/support/certificates.ts'
import { CliProcess } from '#specs/support/cli-process.ts'
import { freePort } from '#specs/support/free-port.ts'
import { chain, cluster, filter, moesif, openListener } from './own-envoy-shapes.ts'

const runtime = inject('envoyRuntime')
const directory = await mkdtemp(join(tmpdir(), 'cli-trouble-'))
const ANY_PORTS = ['--port', '0', '--mock-port', '0', '--admin-port', '0']

/** A folder for the temporary files of the sandboxes of one spec. */
const temporary = async (name: string): Promise<string> => await mkdtemp(join(directory, name))

const foldersIn = async (path: string): Promise<string[]> =>
  (await readdir(path)).filter((name) => name.startsWith('moesif-envoy-'))

test('an Envoy that exits by itself is reported at once, with the end of its log and exit code 1', async () => {
  await using cli = new CliProcess(['start', ...ANY_PORTS, '--runtime', runtime.name])
  const admin = await cli.prints(/Envoy admin\s+(http:\S+)/)
  const log = await cli.prints(/Envoy log\s+(\S+)/)

  await fetch(`${admin}/quitquitquit`, { method: 'POST' })

  expect(await cli.exited).toBe(1)
  expect(cli.errors).toContain('Envoy ended with exit code 0. Last log lines:\n')
  expect(cli.errors).toContain('exiting')
  expect(cli.errors).toContain(`The whole log: ${log}`)
})

test.skipIf(process.platform !== 'linux')(
  'a start ends the Envoy that a killed sandbox left behind, and no other, and removes its folders',
  async () => {
    const isProcess = runtime.name === 'process'
    const TMPDIR = await temporary('killed-')
    const ports = [`--port`, String(await freePort()), '--mock-port', '0', '--admin-port', '0']
    const args = ['start', ...ports, '--runtime', runtime.name]
    const env = { TMPDIR }
    await using other = await startWatchedEnvoy({ runtime, upstream: { url: [] } })
    const killed = new CliProcess(args, env)
    const admin = await killed.prints(/Envoy admin\s+(http:\S+)/)
    await killed.kill()
    expect((await fetch(`${admin}/ready`)).status).toBe(200)
    expect(await foldersIn(TMPDIR)).toHaveLength(isProcess ? 2 : 1)

    await using next = new CliProcess(args, env)
    const gateway = await next.prints(/Gateway\s+(http:\S+)/)

    expect(next.errors).toMatch(
      isProcess
        ? /^Ended the Envoy \(pid \d+\) of a sandbox that had been killed\.$/m
        : /^Removed the Envoy container of a sandbox that had been killed\.$/m,
    )
    await expect(fetch(`${admin}/ready`)).rejects.toThrow()
    expect((await fetch(`${other.adminUrl}/ready`)).status).toBe(200)
    expect((await fetch(`${gateway}/echo`)).status).toBe(200)
    next.interrupt()
    expect(await next.exited).toBe(0)
    expect(await foldersIn(TMPDIR)).toEqual([])
    await killed.exited
  },
)

test('requests that are no HTTP are accounted for at the end', async () => {
  await using cli = new CliProcess(['start', ...ANY_PORTS, '--runtime', runtime.name])
  const gateway = new URL(await cli.prints(/Gateway\s+(http:\S+)/))
  const socket = connect(Number(gateway.port), '127.0.0.1')
  socket.end('GET /\u0000 HTTP/1.1\r\nhost: a\r\n\r\n')
  socket.resume()
  await new Promise((resolve) => socket.once('close', resolve))

  await (await fetch(`${gateway}echo`)).text()
  cli.interrupt()

  expect(await cli.exited).toBe(0)
  expect(cli.output).toContain(
    '2 requests · 1 event delivered in 1 batch · 0 dropped · 1 request without an event',
  )
})

test('--envoy keeps the ports of the file, admin interface included; --port chooses another', async () => {
  const [listener, admin, other] = [await freePort(), await freePort(), await freePort()]
  const own = async (name: string, socket?: EnvoyJson): Promise<string> => {
    const filterChain = { ...chain([filter(moesif('collector'))]), transport_socket: socket }
    const path = join(directory, name)
    await writeFile(
      path,
      JSON.stringify({
        admin: { address: { socket_address: { address: '0.0.0.0', port_value: admin } } },
        static_resources: {
          listeners: [openListener('own', listener, filterChain)],
          clusters: [cluster('api', 1), cluster('collector', 1)],
        },
      }),
    )
    return path
  }
  const file = await own('ports.json')
  const args = ['start', '--mock-port', '0', '--runtime', runtime.name, '--envoy']

  await using cli = new CliProcess([...args, file])
  expect(await cli.prints(/Gateway\s+(.*)/)).toBe(
    `http://localhost:${listener}  ->  where ${file} routes it`,
  )
  expect(await cli.prints(/Envoy admin\s+(\S+)/)).toBe(`http://localhost:${admin}`)

  await using taken = new CliProcess([...args, file])
  expect(await taken.exited).toBe(1)
  expect(taken.errors).toBe(
    `Port ${listener} of the listener "own" of ${file} is taken. Choose another: --port N, or --port 0 for any free one.\n`,
  )
  cli.interrupt()
  await cli.exited

  const authority = await CertificateAuthority.create('own')
  const moved = await own('tls.json', tlsWith(await authority.issue('DNS:localhost')))
  await using overTls = new CliProcess([...args, moved, '--port', String(other)])
  expect(await overTls.prints(/Gateway\s+(\S+)/)).toBe(`https://localhost:${other}`)
  expect(await overTls.prints(/Try\s+(.*)/)).toMatch(`curl -k https://localhost:${other}/hello`)
})

const tlsWith = ({ certificate, key }: Certificate): EnvoyJson => ({
  name: 'tls',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
    common_tls_context: {
      tls_certificates: [
        { certificate_chain: { inline_string: certificate }, private_key: { inline_string: key } },
      ],
    },
  },
})
