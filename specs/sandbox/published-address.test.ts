import { expect, inject, test } from 'vitest'
import { EnvoyContainer } from '#sandbox/envoy/envoy-container.ts'

const runtime = inject('envoyRuntime')

// So testcontainers has it where `/.dockerenv` shows that it runs in a container itself. Its client is made once in a
// process, so the file has one test.
test.skipIf(runtime.name !== 'container')(
  'a container is published on loopback when testcontainers finds the engine at its bridge',
  async () => {
    process.env['TESTCONTAINERS_HOST_OVERRIDE'] = runtime.bindHost

    await using envoy = await new EnvoyContainer().start()

    expect(new URL(envoy.adminUrl).hostname).toBe('127.0.0.1')
    expect((await fetch(`${envoy.adminUrl}/ready`)).status).toBe(200)
  },
)
