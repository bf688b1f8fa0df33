import { expect, test } from 'vitest'
import { Gateway } from '#specs/support/gateway.ts'

const compressor = {
  name: 'envoy.filters.http.compressor',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.compressor.v3.Compressor',
    compressor_library: {
      name: 'gzip',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.compression.gzip.compressor.v3.Gzip',
      },
    },
  },
}

test("JSON that Envoy's compressor packs behind this filter is JSON in the event", async () => {
  await using gateway = await Gateway.start({
    listeners: {
      gateway: { plugin: { batch_max_size: 1 }, listener: { filtersBefore: [compressor] } },
    },
  })
  const { url, application } = gateway.listener('gateway')

  const response = await fetch(`${url}/described`, { headers: { 'accept-encoding': 'gzip' } })

  const [captured] = await application.awaitEvents({ where: 'uri:*/described' })
  expect(captured?.event.response).toMatchObject({
    headers: { 'content-encoding': 'gzip' },
    transfer_encoding: 'json',
    body: await response.json(),
  })
})
