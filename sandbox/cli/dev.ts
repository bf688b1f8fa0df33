import { watch } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildPlugin } from '#plugin/build/build.ts'
import type { StartedEnvoy } from '../envoy/started-envoy.ts'
import type { SandboxArguments } from './command-line.ts'
import { Interruption } from './interruption.ts'
import { USUAL_PORTS } from './ports.ts'
import { endSession, introduce, whileEnvoyRuns } from './session.ts'
import { startFromCommandLine } from './start-from-command-line.ts'

const SOURCES = fileURLToPath(new URL('../../plugin/assembly', import.meta.url))

/** Editors write a file in several steps. */
const SETTLE_MS = 100

const print = (text: string): boolean => process.stdout.write(text)

/** `dev`: as `start`, and the running Envoy gets the rebuilt plugin whenever its sources change. */
export async function dev(given: SandboxArguments): Promise<number> {
  using interruption = new Interruption()
  const started = await startFromCommandLine(given, USUAL_PORTS, { envoy: { updatable: true } })
  await using _ = started.sandbox
  let settled: NodeJS.Timeout | undefined
  let update = Promise.resolve()
  const watcher = watch(SOURCES, { recursive: true }, () => {
    clearTimeout(settled)
    settled = setTimeout(() => {
      update = update.then(() => rebuild(started.sandbox.envoy))
    }, SETTLE_MS)
  })
  try {
    const introduced = interruption.happened ? undefined : introduce(started, given)
    await whileEnvoyRuns(started, Promise.all([introduced, interruption.signal]))
  } finally {
    watcher.close()
    clearTimeout(settled)
    await update
  }
  return await endSession(started)
}

async function rebuild(envoy: StartedEnvoy): Promise<void> {
  const started = performance.now()
  try {
    const { size, rebuilt } = await buildPlugin()
    if (!rebuilt) return
    await envoy.updateListener({})
    const took = Math.round(performance.now() - started)
    print(`Rebuilt the plugin (${size} bytes) and updated Envoy in ${took} ms\n`)
  } catch (error) {
    print(`${(error as Error).message}\nThe plugin loaded before still runs.\n`)
  }
}
