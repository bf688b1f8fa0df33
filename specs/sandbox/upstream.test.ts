import { expect, inject, test } from 'vitest'
import { startEcho } from '#sandbox/echo/echo.ts'
import { Sandbox } from '#sandbox/sandbox.ts'
import { freePort } from '#specs/support/free-port.ts'
import { startWatchedEnvoy } from '#specs/support/watched-envoy.ts'

const runtime = inject('envoyRuntime')
const pluginOptions = { moesif_application_id: 'upstream' }

test.each(['localhost', '[::1]'])(
  'an upstream on %s that listens on IPv6 alone is reached, and its path is kept',
  async (host) => {
    // Of a port that the system chose, 127.0.0.1 may have a listener that is another's, and Envoy may ask that one.
    await using api = await startEcho({ host: '::1', port: await freePort() })
    const upstream = `http://${host}:${api.port}/base`
    await using sandbox = await Sandbox.start({ runtime, pluginOptions, upstream })

    const answer = await (await fetch(`${sandbox.envoy.url}/mine`)).json()

    expect(answer).toMatchObject({ path: '/base/mine' })
    // What Envoy logs is on the mock's page, too.
    const logged = async () =>
      (await sandbox.mock.gatewayLog()).lines.map(({ text }) => text).join('\n')
    await expect.poll(logged).toContain('starting main dispatch loop')
  },
)

test.each(['http://127.0.0.1:1/base', 'http://me:pw@127.0.0.1:1', 'http://127.0.0.1:1/?a=1'])(
  'a collector at %s is refused: a cluster has neither path nor credentials',
  async (collector) => {
    const started = startWatchedEnvoy({ runtime, upstream: 'http://127.0.0.1:1', collector })

    await expect(started).rejects.toThrow(
      `"${collector}" is no address for cluster moesif_api: expected http://host:port`,
    )
  },
)
