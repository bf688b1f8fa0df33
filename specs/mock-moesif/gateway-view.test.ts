import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { NOTHING } from '#specs/support/nothing.ts'

test('reads the counters of the plugin from the admin of Envoy, each time it is asked', async () => {
  let captured = 1
  const asked: (string | undefined)[] = []
  const admin = createServer((request, response) => {
    asked.push(request.url)
    const stats = [
      { name: 'wasmcustom.moesif_events_captured_total', value: captured++ },
      { name: 'cluster.moesif.upstream_rq_total', value: 5 },
      { histograms: {} },
    ]
    response.end(JSON.stringify({ stats }))
  })
  await new Promise<void>((resolve) => admin.listen(0, '127.0.0.1', resolve))
  const adminUrl = `http://127.0.0.1:${(admin.address() as AddressInfo).port}`
  const gateway = {
    listenerUrl: 'http://localhost:10000',
    adminUrl,
    options: { moesif_application_id: 'a-secret-application-id', batch_max_size: 10 },
    envoyVersion: '1.40.0',
  }
  await using moesif = await startMockMoesif({ gateway })
  // Read at once, whether somebody looks or not.
  await expect
    .poll(() => moesif.gatewayHistory())
    .toEqual([{ at: expect.any(Number), counters: { moesif_events_captured_total: 1 } }])

  expect(await moesif.gateway()).toEqual({
    ...gateway,
    options: { moesif_application_id: '…n-id', batch_max_size: 10 },
    reachable: true,
    counters: { moesif_events_captured_total: 2 },
  })
  expect((await moesif.gateway())?.counters).toEqual({ moesif_events_captured_total: 3 })
  expect(asked).toContain('/stats?filter=moesif&format=json')

  admin.closeAllConnections()
  await new Promise((resolve) => admin.close(resolve))
  expect(await moesif.gateway()).toMatchObject({ reachable: false, counters: NOTHING })
})

test('has no gateway until one is configured', async () => {
  await using moesif = await startMockMoesif()
  expect(await moesif.gateway()).toBeNull()
  await moesif.setGateway({
    listenerUrl: 'http://localhost:10000',
    adminUrl: 'http://127.0.0.1:1',
    options: {},
    envoyVersion: null,
  })

  expect(await moesif.gateway()).toMatchObject({
    listenerUrl: 'http://localhost:10000',
    reachable: false,
  })
})

test('reads from Envoy what it was not given, at the address that is its own', async () => {
  const options = { moesif_application_id: 'a-secret-application-id', batch_max_size: 7 }
  const value = JSON.stringify(options)
  const answers: Record<string, unknown> = {
    '/server_info': { version: '9e55809337/1.40.0/Clean/RELEASE/BoringSSL' },
    '/stats?filter=moesif&format=json': { stats: [] },
    '/config_dump': {
      configs: [
        { other: null, config: { configuration: { value: 'not JSON' } } },
        { listeners: [{ config: { name: 'moesif', configuration: { value } } }] },
      ],
    },
  }
  const admin = createServer((request, response) =>
    response.end(JSON.stringify(answers[request.url ?? ''])),
  )
  await new Promise<void>((resolve) => admin.listen(0, '127.0.0.1', resolve))
  const adminUrlFromMock = `http://127.0.0.1:${(admin.address() as AddressInfo).port}`
  const given = { listenerUrl: 'http://localhost:10000', adminUrl: 'http://localhost:9901' }
  await using moesif = await startMockMoesif({ gateway: { ...given, adminUrlFromMock } })

  expect(await moesif.gateway()).toEqual({
    ...given,
    options: { moesif_application_id: '…n-id', batch_max_size: 7 },
    envoyVersion: '1.40.0',
    reachable: true,
    counters: {},
  })

  admin.closeAllConnections()
  await new Promise((resolve) => admin.close(resolve))
})

test('keeps the end of the log that is passed on, the lines of the plugin longer', async () => {
  await using moesif = await startMockMoesif()
  await moesif.addToGatewayLog(['[info][wasm] wasm log: moesif: first', 'x'.repeat(3000)])
  const { lines, last } = await moesif.gatewayLog()
  expect(last).toBe(2)
  expect(lines).toEqual([
    { number: 1, text: '[info][wasm] wasm log: moesif: first', plugin: true },
    { number: 2, text: 'x'.repeat(2000), plugin: false },
  ])

  for (let batch = 0; batch < 2; batch++)
    await moesif.addToGatewayLog(Array.from({ length: 1000 }, (_, n) => `line ${n}`))
  const { lines: kept } = await moesif.gatewayLog()
  expect(kept).toHaveLength(501)
  expect(kept[0]).toMatchObject({ number: 1, plugin: true })
  expect(await moesif.gatewayLog({ after: 2001 })).toEqual({
    lines: [{ number: 2002, text: 'line 999', plugin: false }],
    last: 2002,
  })
})
