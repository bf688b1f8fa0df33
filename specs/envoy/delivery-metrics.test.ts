import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { startMockMoesif, type StartedMockMoesif } from '#mock-moesif/index.ts'
import { startEcho, type Echo } from '#sandbox/echo/echo.ts'
import type { EnvoyOptions } from '#sandbox/envoy/options.ts'
import { DeliveryGateway } from '#specs/support/delivery-gateway.ts'

const page = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
const documented = Array.from(
  page.matchAll(/^\| `(moesif_\w+)` \| \W*(\w+)/gm),
  ([, name, type]) => ({ name: name!, type: type! }),
)
const { stats_config } = parse(/```yaml\n([^`]+)```/.exec(page)![1]!) as {
  stats_config: { stats_tags: NonNullable<EnvoyOptions['statsTags']> }
}

let echo: Echo
let mock: StartedMockMoesif

beforeAll(async () => {
  const { bindHost } = inject('envoyRuntime')
  echo = await startEcho({ host: bindHost })
  mock = await startMockMoesif({ host: bindHost })
})

afterAll(async () => {
  await mock?.[Symbol.asyncDispose]()
  await echo?.[Symbol.asyncDispose]()
})

async function scrape(envoy?: Partial<EnvoyOptions>): Promise<string> {
  await using gateway = await DeliveryGateway.start({
    runtime: inject('envoyRuntime'),
    mock,
    upstream: echo.url,
    ...(envoy && { envoy }),
  })
  await gateway.application.faults.add({ status: 403, remaining: 1 })
  await gateway.send(60)
  await gateway.settle()
  return await gateway.envoy.admin.get('/stats/prometheus')
}

test('shows every documented metric to Prometheus, and no other of its own', async () => {
  const text = await scrape()

  const shown = Array.from(text.matchAll(/^# TYPE (moesif_\w+) (\w+)$/gm), ([, name, type]) => ({
    name: name!,
    type: type!,
  }))
  expect(shown.toSorted(byName)).toEqual(documented.toSorted(byName))
  expect(text).toMatch(/^moesif_events_captured_total\{\} 60$/m)
})

test('gives dropped events a reason as label with the documented stats_tags', async () => {
  const text = await scrape({ statsTags: stats_config.stats_tags })

  expect(text).toMatch(/^moesif_events_dropped_total\{reason="rejected"\} [1-9]\d*$/m)
  expect(text).toMatch(/^moesif_events_dropped_total\{reason="queue_full"\} 0$/m)
})

function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name)
}
