import { request as httpRequest } from 'node:http'
import { expect, test } from 'vitest'
import { Gateway } from '#specs/support/gateway.ts'

const GAUGE = 'moesif_configuration_invalid'

test('the gauge is true to what is live when a configuration comes back that still drains', async () => {
  const a = { batch_max_size: 1 }
  await using gateway = await Gateway.start({
    listeners: { gateway: { plugin: a } },
    envoy: { updatable: true, drainSeconds: 600 },
  })
  const { applicationId, application } = gateway.listener('gateway')
  const update = (options: Record<string, unknown>) =>
    gateway.envoy.updateListener({
      listeners: [
        {
          name: 'gateway',
          plugin: { options: { moesif_application_id: applicationId, ...options } },
        },
      ],
    })
  // Each over a connection of its own: an old one belongs to the configuration that it began with.
  const call = (path: string) =>
    new Promise((resolve, reject) => {
      httpRequest(`${gateway.listener('gateway').url}${path}`, { agent: false }, (response) =>
        response.resume().once('end', resolve),
      )
        .once('error', reject)
        .end()
    })
  /** Until the gauge is this, with calls meanwhile. */
  const waitFor = (value: number) =>
    expect
      .poll(
        async () => {
          await call('/meanwhile')
          return (await gateway.envoy.metrics())[GAUGE]
        },
        { interval: 200 },
      )
      .toBe(value)
  const refused = { moesif_application_id: 5 }

  await update(refused)
  await waitFor(1)
  await update(a)
  await call('/again')
  await application.awaitEvents({ where: 'uri:*/again' })
  await waitFor(0)

  await update({ ...a, batch_max_wait: 500 })
  await waitFor(0)
  await update(refused)
  await waitFor(1)
})
