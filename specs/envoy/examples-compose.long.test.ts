import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { dockerAnswers } from '#sandbox/envoy/runtime.ts'
import { EnvoyAdmin } from '#sandbox/envoy/admin.ts'
import { availableImage } from '#sandbox/images/available-image.ts'
import { ENVOY_VERSION, envoyImage, NODE_IMAGE } from '#sandbox/images/pins.ts'
import { violations } from '#specs/support/log-rules.ts'

const run = promisify(execFile)
const DIRECTORY = fileURLToPath(new URL('../../examples/envoy/', import.meta.url))
const PROJECT = `examples-${process.pid}`
const APPLICATION_ID = 'application-of-the-compose-example'

const environment: NodeJS.ProcessEnv = {
  ...process.env,
  MOESIF_APPLICATION_ID: APPLICATION_ID,
  GATEWAY_PORT: '0',
  ADMIN_PORT: '0',
}

afterAll(async () => {
  await compose(['down', '--volumes', '--timeout', '5'])
})

test.skipIf(!(await dockerAnswers()) && process.env['CI'] !== 'true')(
  'docker compose up builds the plugin, serves echo and captures the call',
  async () => {
    await availableImage(NODE_IMAGE)
    await availableImage(envoyImage(ENVOY_VERSION))
    await compose(['up', '--detach'])
    const admin = new EnvoyAdmin(`http://${await compose(['port', 'envoy', '9901'])}`)
    await expect.poll(async () => await admin.ready()).toBe(true)

    const response = await fetch(`http://${await compose(['port', 'envoy', '10000'])}/echo`)

    expect(await response.text()).toBe('Hello from echo service\n')
    await expect
      .poll(async () => await admin.pluginMetrics())
      .toMatchObject({ moesif_events_captured_total: 1, moesif_configuration_invalid: 0 })
    expect(await admin.get('/config_dump')).toContain(APPLICATION_ID)
    const log = (await compose(['logs', '--no-color', 'envoy'])).split('\n')
    const rules = { applicationIds: [APPLICATION_ID], payloads: ['Hello from echo service'] }
    expect(violations(log, { ...rules, debug: false })).toEqual([])
  },
)

/** Compose v2 is a command of Docker's, 1.29 one of its own. */
async function compose(args: string[]): Promise<string> {
  const options = { cwd: DIRECTORY, env: environment, maxBuffer: 64 << 20 }
  const isPlugin = await run('docker', ['compose', 'version']).then(
    () => true,
    () => false,
  )
  const [command, ...first] = isPlugin ? ['docker', 'compose'] : ['docker-compose']
  const { stdout } = await run(
    command ?? '',
    [...first, '--project-name', PROJECT, ...args],
    options,
  )
  return stdout.trim()
}
