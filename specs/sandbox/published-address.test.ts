import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'

const runtime = inject('envoyRuntime')
const envoyContainer = new URL('../../sandbox/envoy/envoy-container.ts', import.meta.url)

// So testcontainers has it where `/.dockerenv` shows that it runs in a container itself. Its client is made once in a
// process, so this one is of its own.
test.skipIf(runtime.name !== 'container')(
  'a container is published on loopback when testcontainers finds the engine at its bridge',
  async () => {
    const program = `
      const { EnvoyContainer } = await import('${envoyContainer}')
      await using envoy = await new EnvoyContainer().start()
      console.log(new URL(envoy.adminUrl).hostname, (await fetch(envoy.adminUrl + '/ready')).status)`
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { env: { ...process.env, TESTCONTAINERS_HOST_OVERRIDE: runtime.bindHost } },
    )

    expect(stdout).toBe('127.0.0.1 200\n')
  },
)
