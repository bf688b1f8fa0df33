import { expect, inject, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { startEcho } from '#sandbox/echo/echo.ts'
import { DeliveryGateway } from '#specs/support/delivery-gateway.ts'
import { NameServer } from '#specs/support/name-server.ts'
import { NOTHING } from '#specs/support/nothing.ts'

const runtime = inject('envoyRuntime')

/** This machine, as Envoy can name it without a resolver; unknown for a container in a virtual machine. */
const reachable = runtime.name === 'process' || runtime.bindHost !== '127.0.0.1'
const thisMachine = runtime.bindHost

test.skipIf(!reachable)(
  'loses nothing while the name of the collector does not resolve yet',
  async () => {
    await using names = await NameServer.start(runtime.bindHost)
    await using echo = await startEcho({ host: runtime.bindHost })
    await using mock = await startMockMoesif({ host: runtime.bindHost })
    await using gateway = await DeliveryGateway.start({
      runtime,
      mock,
      upstream: echo.url,
      collector: {
        url: `http://collector.test:${mock.port}`,
        raw: {
          dns_lookup_family: 'V4_ONLY',
          dns_refresh_rate: '0.2s',
          dns_failure_refresh_rate: { base_interval: '0.1s', max_interval: '0.2s' },
          typed_dns_resolver_config: resolverAt(thisMachine, names.port),
        },
      },
    })

    await gateway.send(30)
    await gateway.envoy.waitForMetrics((now) => now['moesif_batches_retried_total']! > 1)
    expect(names.asked.get('collector.test')).toBeGreaterThan(0)
    names.learn('collector.test', thisMachine)

    expect(await gateway.settle()).toMatchObject({ sent: 30, dropped: NOTHING })
    expect(await gateway.received()).toBe(30)
    gateway.expectNoCrash()
  },
)

function resolverAt(address: string, port: number) {
  return {
    name: 'envoy.network.dns_resolver.cares',
    typed_config: {
      '@type':
        'type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig',
      resolvers: [{ socket_address: { address, port_value: port } }],
      dns_resolver_options: { no_default_search_domain: true },
    },
  }
}
