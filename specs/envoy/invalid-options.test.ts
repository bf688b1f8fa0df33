import { afterAll, beforeAll, expect, test } from 'vitest'
import { Gateway, type GatewayListenerOptions } from '#specs/support/gateway.ts'

/** By case: the options, and what the one error line must name. */
const CASES = {
  'not-json': { plugin: '{"moesif_application_id": ', names: /JSON/ },
  empty: { plugin: '', names: /moesif_application_id|JSON|empty/ },
  list: { plugin: '["a"]', names: /object/ },
  'no-application-id': { plugin: '{"batch_max_size": 3}', names: /moesif_application_id/ },
  'application-id-type': { plugin: '{"moesif_application_id": 5}', names: /moesif_application_id/ },
  'batch-size-type': { plugin: { batch_max_size: 'ten' }, names: /batch_max_size.*ten/ },
  'batch-wait-type': { plugin: { batch_max_wait: [1] }, names: /batch_max_wait/ },
  'user-header-type': { plugin: { user_id_header: 7 }, names: /user_id_header.*7/ },
  'company-header-type': { plugin: { company_id_header: {} }, names: /company_id_header/ },
  'upstream-type': { plugin: { upstream: false }, names: /upstream.*false/ },
  'mask-type': { plugin: { request_header_masks: 'cookie' }, names: /request_header_masks/ },
} satisfies Record<string, GatewayListenerOptions & { names: RegExp }>

const CASE_NAMES = Object.keys(CASES) as (keyof typeof CASES)[]
type CaseName = keyof typeof CASES | 'good'

let gateway: Gateway<CaseName>

beforeAll(async () => {
  const listeners: Partial<Record<CaseName, GatewayListenerOptions>> = {
    good: { plugin: { batch_max_size: 1 } },
  }
  for (const name of CASE_NAMES) {
    // The root id is in each log line, and distinguishes the cases.
    listeners[name] = {
      listener: { plugin: { options: withId(CASES[name].plugin), rootId: name } },
    }
  }
  gateway = await Gateway.start({
    listeners: listeners as Record<CaseName, GatewayListenerOptions>,
  })
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

const withId = (plugin: string | object) =>
  typeof plugin === 'string' ? plugin : { moesif_application_id: 'invalid-options', ...plugin }

test.each(CASE_NAMES)(
  '%s: traffic flows, nothing is captured, one error line says why',
  async (name) => {
    const { url } = gateway.listener(name)

    const response = await fetch(`${url}/echo`)

    expect(response.status).toBe(200)
    expect(await response.text()).toBe('Hello from echo service')
    const line = await gateway.envoy.waitForLog(
      new RegExp(`\\[error\\].*wasm log.* ${name} .*capturing is off`),
    )
    expect(line).toMatch(CASES[name].names)
  },
)

test('beside them a good configuration captures, and nothing else arrives', async () => {
  const { url, application } = gateway.listener('good')

  await (await fetch(`${url}/echo`)).text()

  await application.awaitEvents({ count: 1 })
  expect((await gateway.mock.counts()).events).toBe(1)
  const metrics = await gateway.envoy.metrics()
  expect(metrics['moesif_configuration_invalid']).toBeGreaterThan(0)
})
