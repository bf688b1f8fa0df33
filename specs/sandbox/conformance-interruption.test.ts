import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { getContainerRuntimeClient } from 'testcontainers'
import { afterAll, expect, inject, test } from 'vitest'
import { removeContainersOfRun } from '#sandbox/envoy/reaper.ts'
import { until } from '#sandbox/until.ts'

const PROGRAM = fileURLToPath(new URL('../../sandbox/conformance/conformance.ts', import.meta.url))
const RUN = `interrupted-${process.pid}`
const isContainer = inject('envoyRuntime').name === 'container'
afterAll(async () => {
  if (isContainer) await removeContainersOfRun(RUN)
})

async function containers(): Promise<number> {
  const { container } = await getContainerRuntimeClient()
  const filters = { label: [`moesif-envoy.run=${RUN}`] }
  return (await container.dockerode.listContainers({ all: true, filters })).length
}

test.runIf(isContainer)(
  'an interruption leaves no container, and says what was judged until then',
  async () => {
    const env = { ...process.env, MOESIF_ENVOY_RUN: RUN, TESTCONTAINERS_RYUK_DISABLED: 'true' }
    const args = ['--runtime', 'container', '--scene', 'faults', '--json', 'unwritten.json']
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const exited = once(child, 'exit')
    const printed = Promise.all([text(child.stdout), text(child.stderr)])
    await until(async () => (await containers()) > 0, {
      what: 'No container was started',
      timeoutMs: 60_000,
    })

    child.kill('SIGINT')

    expect(await exited).toEqual([130, null])
    const [output, errors] = await printed
    expect(await containers()).toBe(0)
    expect(errors).toMatch(/^Interrupted \(SIGINT\)/m)
    expect(errors).toContain('Not written, as it would be a part only: unwritten.json')
    expect(output).toMatch(/of 0 sentences hold .*interrupted: \d+ were not judged/)
  },
)
