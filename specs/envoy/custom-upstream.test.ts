import { inject, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { startEcho } from '#sandbox/echo/echo.ts'
import { startWatchedEnvoy } from '#specs/support/watched-envoy.ts'

test('the option upstream names the cluster that events are sent to', async () => {
  const runtime = inject('envoyRuntime')
  await using mock = await startMockMoesif({ host: runtime.bindHost })
  await using other = await startMockMoesif({ host: runtime.bindHost })
  await using echo = await startEcho({ host: runtime.bindHost })
  await using envoy = await startWatchedEnvoy({
    runtime,
    mocks: [mock],
    upstream: echo.url,
    collector: other.url,
    clusters: [{ name: 'outbound|443||collector.example', url: mock.url }],
    plugin: {
      options: {
        moesif_application_id: 'custom-upstream',
        upstream: 'outbound|443||collector.example',
        batch_max_size: 1,
      },
    },
  })

  await (await fetch(`${envoy.url}/echo`)).text()

  await mock.application('custom-upstream').awaitEvents({ count: 1 })
  expect((await other.counts()).requests).toBe(0)
})
