import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { EnvoyOptions } from '#sandbox/envoy/options.ts'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import type { StartedEnvoy } from '#sandbox/envoy/started-envoy.ts'
import { Gateway, type GatewayListenerOptions } from '#specs/support/gateway.ts'
import { Page, patternOf } from '#specs/support/page.ts'
import { startWatchedEnvoy } from '#specs/support/watched-envoy.ts'

const runtime = inject('envoyRuntime')
const run = promisify(execFile)
const troubleshooting = await Page.read('docs/troubleshooting.md')
const privacy = await Page.read('docs/privacy.md')

/** Each event by itself, at once. */
const AT_ONCE = { batch_max_size: 1 }

const LISTENERS = {
  route: {
    plugin: AT_ONCE,
    listener: { routes: [privacy.yaml('route-without-capture')] },
  },
  'user-before': userFilter('filtersBefore'),
  'user-behind': userFilter('filtersAfter'),
  'no-id': { plugin: '{}' },
  'no-json': { plugin: '{"moesif_application_id": ' },
  'no-document': { plugin: '' },
  placeholder: { plugin: '{"moesif_application_id": "<YOUR APPLICATION ID HERE>"}' },
  'no-cluster': { plugin: { ...AT_ONCE, upstream: 'none' } },
  unreachable: { plugin: { ...AT_ONCE, upstream: 'unreachable' } },
  'no-host': { plugin: { ...AT_ONCE, upstream: 'no-host' } },
  failing: { plugin: AT_ONCE },
  refused: { plugin: AT_ONCE },
} satisfies Record<string, GatewayListenerOptions>

let gateway: Gateway<keyof typeof LISTENERS>

beforeAll(async () => {
  gateway = await Gateway.start<keyof typeof LISTENERS>({
    listeners: LISTENERS,
    envoy: {
      clusters: [
        { name: 'unreachable', url: 'http://127.0.0.1:1' },
        { name: 'no-host', url: [] },
      ],
    },
  })
  await gateway.listener('failing').application.faults.add({ status: 503 })
  await gateway.listener('refused').application.faults.add({ status: 401 })
  // Outages are logged after some seconds: they run while other tests do.
  for (const name of ['no-cluster', 'unreachable', 'no-host', 'failing', 'refused'] as const) {
    await call(gateway.listener(name).url)
  }
})
afterAll(async () => await gateway?.[Symbol.asyncDispose]())

test('troubleshooting: a header that a filter sets counts when this filter is behind that one', async () => {
  expect(await userAt('user-before')).toBe('from-filter')
  expect(await userAt('user-behind')).toBeUndefined()
})

test('privacy: a route can be left out', async () => {
  const { url, application } = gateway.listener('route')

  await call(`${url}/health`)
  await call(`${url}/captured`)

  const [captured] = await application.awaitEvents({ count: 1, exactly: true })
  expect(captured?.event.request.uri).toMatch(/\/captured$/)
})

test('troubleshooting: the command shows the metrics', async () => {
  const { stdout } = await shell(troubleshooting.block('look-at-metrics'), gateway.envoy)

  expect(stdout).toMatch(/moesif_events_captured_total: \d/)
})

test('troubleshooting: what keeps Envoy from starting is in what it says', async () => {
  const text = join(await mkdtemp(join(tmpdir(), 'documents-')), 'text.wasm')
  await writeFile(text, 'no module')
  const causes: Record<string, Partial<EnvoyOptions>> = {
    'Invalid path: …moesif_envoy_wasm_plugin.wasm': {
      bootstrap: (bootstrap) => elsewhere(bootstrap),
    },
    'Failed to load Wasm code': { plugin: { file: text, options: {} } },
    'only one of fail_open or failure_policy can be set': {
      plugin: { options: {}, raw: { failure_policy: 'FAIL_OPEN' } },
    },
  }
  const sentences = troubleshooting
    .firstCells('| Envoy says | remedy |')
    .filter((cell) => !cell.includes('not run here'))
    .map((cell) => /`([^`]+)`/.exec(cell)?.[1] ?? '')

  expect(sentences.toSorted()).toEqual(Object.keys(causes).toSorted())
  for (const sentence of sentences) {
    const log: string[] = []
    const options = { upstream: 'http://127.0.0.1:1', ...causes[sentence] }
    await expect(
      startWatchedEnvoy({
        runtime,
        plugin: { options: {} },
        ...options,
        onLog: (line) => log.push(line),
      }),
    ).rejects.toThrow()
    expect(log.join('\n')).toMatch(patternOf(sentence))
  }
})

test.each([
  ['docs/delivery.md', 'drain-before-sigterm'],
  ['docs/install-envoy.md', 'drain-and-stop'],
])('%s: after "%s" everything has been delivered', async (file, name) => {
  const commands = (await Page.read(file)).block(name).split('\n')
  expect(commands.at(-1)).toMatch(/^(kill -TERM|systemctl stop)/)
  await using drained = await Gateway.start({
    listeners: { listener: { plugin: { batch_max_wait: 2000 } } },
  })
  const { url, application } = drained.listener('listener')
  await Promise.all(Array.from({ length: 7 }, async () => await call(url)))

  await shell(commands.slice(0, -1).join('\n'), drained.envoy)
  await drained.envoy.end('SIGKILL')

  expect(await application.counts()).toMatchObject({ received: 7 })
})

test.each(['capturing-is-off', 'nothing-is-delivered', 'the-collector-refuses'])(
  'troubleshooting: every line of "%s" is one that Envoy logs when that happens',
  async (name) => {
    const patterns = troubleshooting.linePatterns(name)

    for (const pattern of patterns) await gateway.envoy.waitForLog(pattern)

    expect(patterns.length).toBeGreaterThan(0)
  },
)

async function call(url: string): Promise<void> {
  await (await fetch(url)).text()
}

async function userAt(name: 'user-before' | 'user-behind'): Promise<string | undefined> {
  const { url, application } = gateway.listener(name)
  await call(url)
  const [captured] = await application.awaitEvents({ count: 1 })
  return captured?.userId ?? undefined
}

/** Runs commands of a page with the admin interface where it is here. */
async function shell(commands: string, envoy: StartedEnvoy): Promise<{ stdout: string }> {
  const { host } = new URL(envoy.adminUrl)
  expect(commands).toContain('localhost:9901')
  return await run('bash', ['-euc', commands.replaceAll('localhost:9901', host)])
}

/** A filter that says who calls, in front of the plugin or behind it. */
function userFilter(place: 'filtersBefore' | 'filtersAfter'): GatewayListenerOptions {
  const filter = {
    name: 'envoy.filters.http.header_mutation',
    typed_config: {
      '@type':
        'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation',
      mutations: {
        request_mutations: [{ append: { header: { key: 'x-user-id', value: 'from-filter' } } }],
      },
    },
  }
  return {
    plugin: { ...AT_ONCE, user_id_header: 'X-User-Id' },
    listener: { [place]: [filter] },
  }
}

/** The configuration with the module at a path where there is none. */
function elsewhere(bootstrap: EnvoyJson): EnvoyJson {
  const path = '/nowhere/moesif_envoy_wasm_plugin.wasm'
  return JSON.parse(
    JSON.stringify(bootstrap).replace(/"filename":"[^"]*\.wasm"/, `"filename":"${path}"`),
  ) as EnvoyJson
}
