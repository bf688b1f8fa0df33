import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { dirname } from 'node:path'
import { inject, expect, test } from 'vitest'
import { dockerAnswers } from '#sandbox/envoy/runtime.ts'
import { startEcho } from '#sandbox/echo/echo.ts'
import { MockMoesifClient } from '#mock-moesif/index.ts'
import { CliProcess } from '#specs/support/cli-process.ts'
import { freePort } from '#specs/support/free-port.ts'

const ANY_PORTS = ['--port', '0', '--mock-port', '0', '--admin-port', '0']
const runtime = inject('envoyRuntime')
const startArguments = ['start', ...ANY_PORTS, '--runtime', runtime.name]

/** Of a port that the system chose, another address of this machine may have a listener that is another's. */
async function exclusivePorts(): Promise<string[]> {
  const [listener, mock, admin] = [await freePort(), await freePort(), await freePort()]
  return ['--port', `${listener}`, '--mock-port', `${mock}`, '--admin-port', `${admin}`]
}

async function panel(cli: CliProcess) {
  const gateway = await cli.prints(/Gateway\s+(http:\S+)/)
  const dashboard = await cli.prints(/Dashboard\s+(http:\S+)/)
  return { gateway, mock: new MockMoesifClient(dashboard) }
}

test('start, one curl, an event of that user; Ctrl-C delivers, sums up and leaves nothing running', async () => {
  const ports = await exclusivePorts()
  await using cli = new CliProcess(['start', ...ports, '--runtime', runtime.name])
  const { gateway, mock } = await panel(cli)
  const admin = await cli.prints(/Envoy admin\s+(http:\S+)/)
  const logFile = await cli.prints(/Envoy log\s+(\S+)/)
  expect(await readFile(logFile, 'utf8')).toContain('starting main dispatch loop')
  expect(await openBeyondLoopback([gateway, mock.url, admin])).toEqual([])
  const curl = await cli.prints(/Try\s+(curl .*)/)
  expect(curl).toBe(`curl ${gateway}/hello -H 'X-User-Id: u1'`)
  await cli.prints(
    /What leaves\s+exchanges +all\s+user +(header:x-user-id, then response_header:x-user-id)/,
  )

  const response = await fetch(`${gateway}/hello`, { headers: { 'x-user-id': 'u1' } })
  await response.text()
  const [captured] = await mock
    .application('sandbox-application-id')
    .awaitEvents({ where: 'user:u1', timeout: 60_000 })
  expect(await mock.gateway()).toMatchObject({
    listenerUrl: gateway.replace('localhost', '127.0.0.1'),
    reachable: true,
    options: { moesif_application_id: '…n-id' },
    counters: { moesif_events_captured_total: 1 },
  })
  cli.interrupt()

  expect(response.status).toBe(200)
  expect(captured?.event).toMatchObject({ user_id: 'u1', request: { uri: `${gateway}/hello` } })
  expect(await cli.exited).toBe(0)
  expect(cli.output).toContain('1 request · 1 event delivered in 1 batch · 0 dropped')
  await expect(fetch(gateway)).rejects.toThrow()
  await expect(fetch(mock.url)).rejects.toThrow()
  await expect(fetch(`${admin}/ready`)).rejects.toThrow()
  await expect(stat(dirname(logFile))).rejects.toThrow('ENOENT')
})

test('what is still pending at Ctrl-C is delivered before the end', async () => {
  await using cli = new CliProcess(startArguments)
  const { gateway } = await panel(cli)

  await (await fetch(`${gateway}/echo`)).text()
  cli.interrupt()

  expect(await cli.exited).toBe(0)
  expect(cli.output).toContain('1 event delivered in 1 batch')
})

test('it ends with npm, whose shell passes no SIGTERM on', async () => {
  await using cli = new CliProcess(startArguments, {}, { npm: true })
  const { gateway, mock } = await panel(cli)
  await (await fetch(`${gateway}/echo`)).text()

  cli.interrupt('SIGTERM')
  await cli.exited

  expect(cli.output).toContain('1 event delivered in 1 batch')
  await expect(fetch(gateway)).rejects.toThrow()
  await expect(fetch(mock.url)).rejects.toThrow()
})

test('--upstream puts the sandbox in front of my own API', async () => {
  await using api = await startEcho({ host: runtime.bindHost })
  await using cli = new CliProcess([...startArguments, '--upstream', api.url])
  const { gateway } = await panel(cli)

  const answer = await (await fetch(`${gateway}/mine`)).json()

  expect(answer).toMatchObject({ path: '/mine' })
  expect(cli.output).toContain(`->  ${api.url}`)
})

test('--traffic sends a sample of many kinds, all of which the mock finds good', async () => {
  await using cli = new CliProcess([...startArguments, '--traffic'])
  const { mock } = await panel(cli)

  const sent = Number(await cli.prints(/Sent (\d+) sample requests/))

  await mock.application('sandbox-application-id').awaitEvents({ count: sent, timeout: 60_000 })
  expect(await mock.counts()).toMatchObject({ events: sent, bad: 0 })
})

/** Which of them other machines can reach, too: asked of each address of this machine but loopback. */
async function openBeyondLoopback(urls: string[]): Promise<string[]> {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const addresses = own.filter(({ internal, scopeid }) => !internal && !scopeid)
  // A server on every IPv4 address has to be found open, or the check would find nothing at all.
  await using everywhere = await startEcho({ host: '0.0.0.0' })
  const ipv4 = addresses.filter(({ family }) => family === 'IPv4')
  for (const { address } of ipv4) expect(await isOpen(everywhere.url, address), address).toBe(true)

  const places = urls.flatMap((url) => addresses.map(({ address }) => [url, address] as const))
  const open = places.map(async ([url, address]) =>
    (await isOpen(url, address)) ? [`${url} on ${address}`] : [],
  )
  return (await Promise.all(open)).flat()
}

async function isOpen(url: string, address: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), address)
  return await once(socket, 'connect')
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy())
}

/** Whichever the other specs use, the other one serves `npm start` as well. */
const otherRuntime = runtime.name === 'container' ? 'process' : 'container'
const hasOther = otherRuntime === 'process' || (await dockerAnswers())

test.skipIf(!hasOther)(
  `Envoy runs as a ${otherRuntime}, too${hasOther ? '' : ' (skipped: no Docker engine answers)'}`,
  async () => {
    const ports = await exclusivePorts()
    await using cli = new CliProcess(['start', ...ports, '--runtime', otherRuntime])
    const { gateway, mock } = await panel(cli)

    expect(await (await fetch(`${gateway}/echo`)).text()).toBe('Hello from echo service')

    const admin = await cli.prints(/Envoy admin\s+(http:\S+)/)
    expect(await openBeyondLoopback([gateway, mock.url, admin])).toEqual([])
    cli.interrupt('SIGTERM')
    expect(await cli.exited).toBe(0)
    await expect(fetch(`${admin}/ready`)).rejects.toThrow()
  },
)
