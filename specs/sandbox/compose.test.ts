import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, inject } from 'vitest'
import { parse } from 'yaml'
import { MockMoesifClient } from '#mock-moesif/index.ts'
import { composeEnvoyYaml } from '#sandbox/compose/envoy-yaml.ts'
import { EnvoyAdmin } from '#sandbox/envoy/admin.ts'
import { containerLabels } from '#sandbox/envoy/reaper.ts'
import { availableImage } from '#sandbox/images/available-image.ts'
import { ENVOY_VERSION, envoyImage, NODE_IMAGE } from '#sandbox/images/pins.ts'
import { freePort } from '#specs/support/free-port.ts'

const run = promisify(execFile)
const project = fileURLToPath(new URL('../..', import.meta.url))
const composeFile = await readFile(`${project}docker-compose.yaml`, 'utf8')

/** Each compose this machine has: v2 as docker's plugin, and Debian's 1.29. */
const commands = [
  { name: 'docker compose', command: ['docker', 'compose'] },
  { name: 'docker-compose', command: ['docker-compose'] },
].filter(
  ({ command: [first = '', ...rest] }) => spawnSync(first, [...rest, 'version']).status === 0,
)

const canCompose = inject('envoyRuntime').name === 'container' && commands.length > 0
/** CI may skip nothing: without compose it fails. */
const skips = !canCompose && process.env['CI'] !== 'true'
const reason = canCompose ? '' : ' (skipped: it needs a Docker engine and compose)'

test('its images are the pinned ones', () => {
  const { services } = parse(composeFile, { merge: true }) as {
    services: Record<string, { image: string }>
  }
  const images = Object.values(services).map(({ image }) => image)
  expect(new Set(images)).toEqual(new Set([NODE_IMAGE, envoyImage(ENVOY_VERSION)]))
})

test('its Envoy configuration is what the builder makes', async () => {
  const file = await readFile(`${project}sandbox/compose/envoy.yaml`, 'utf8')
  expect(file, 'run `npm run generate`').toBe(composeEnvoyYaml())
})

const environment = { ...process.env }
/** Two checkouts may be tested at the same time: each has its own containers and volumes. */
const projectName = `moesif-envoy-specs-${createHash('sha256').update(project).digest('hex').slice(0, 8)}`
/** With the labels of this run: should it be killed, its containers are found. */
const labelled = join(await mkdtemp(join(tmpdir(), 'compose-')), 'labelled.yaml')
await writeFile(
  labelled,
  JSON.stringify({
    services: Object.fromEntries(
      Object.keys((parse(composeFile) as { services: object }).services).map((service) => [
        service,
        { labels: containerLabels() },
      ]),
    ),
  }),
)

const files = ['-f', 'docker-compose.yaml', '-f', labelled]

async function compose(command: string[], ...args: string[]): Promise<string> {
  const [first = '', ...rest] = command
  const { stdout } = await run(first, [...rest, '-p', projectName, ...files, ...args], {
    cwd: project,
    env: environment,
    maxBuffer: 10_000_000,
  })
  return stdout
}

beforeAll(async () => {
  if (!canCompose) return
  await availableImage(NODE_IMAGE)
  await availableImage(envoyImage(ENVOY_VERSION))
  for (const name of ['GATEWAY_PORT', 'MOCK_PORT', 'ADMIN_PORT']) {
    environment[name] = String(await freePort())
  }
})

afterAll(async () => {
  // The volumes stay: the next run need not install the packages again.
  if (canCompose) await compose(commands[0]?.command ?? [], 'down', '--remove-orphans')
})

test.skipIf(skips).each(canCompose ? commands : [{ name: 'compose', command: [] }])(
  `$name brings everything up, and a request becomes an event in the mock${reason}`,
  async ({ command }) => {
    await withLogs(command, async () => {
      await compose(command, 'up', '-d')
      await serves(environment['ADMIN_PORT'])
      const marker = crypto.randomUUID()

      const response = await fetch(`http://127.0.0.1:${environment['GATEWAY_PORT']}/anything`, {
        headers: { 'x-user-id': 'u1', 'x-marker': marker },
      })

      expect(await response.json()).toMatchObject({ path: '/anything' })
      const mock = new MockMoesifClient(`http://127.0.0.1:${environment['MOCK_PORT']}`)
      const [captured] = await mock
        .application('compose-application-id')
        .awaitEvents({ where: `header.x-marker:${marker}`, timeout: 60_000 })
      expect(captured?.userId).toBe('u1')
      const page = await fetch(mock.url)
      expect(page.headers.get('content-type')).toContain('text/html')
      await expect.poll(async () => (await mock.gateway())?.reachable).toBe(true)
      const gateway = await mock.gateway()
      expect(gateway).toMatchObject({
        listenerUrl: `http://localhost:${environment['GATEWAY_PORT']}`,
        adminUrl: `http://localhost:${environment['ADMIN_PORT']}`,
        envoyVersion: ENVOY_VERSION,
        reachable: true,
        options: { moesif_application_id: '…n-id', batch_max_size: 10 },
      })
      expect(gateway?.counters['moesif_events_captured_total']).toBe(1)
    })
    await compose(command, 'down')
  },
  // The first time it installs the packages and builds the plugin, beside all other specs.
  600_000,
)

/** What fails says what the containers logged. */
async function withLogs(command: string[], steps: () => Promise<void>): Promise<void> {
  await steps().catch(async (error: unknown) => {
    const logs = await compose(command, 'logs', '--tail', '40').catch(String)
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${logs}`, {
      cause: error,
    })
  })
}

async function serves(adminPort: string | undefined): Promise<void> {
  const admin = new EnvoyAdmin(`http://127.0.0.1:${adminPort}`)
  await expect.poll(() => admin.ready()).toBe(true)
}
