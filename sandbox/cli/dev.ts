import { watch } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildPlugin } from '#plugin/build/build.ts'
import type { StartedEnvoy } from '../envoy/started-envoy.ts'
import type { CommandLine } from './command-line.ts'
import { Interruption } from './interruption.ts'
import { panel } from './panel.ts'
import { startFromCommandLine } from './start-from-command-line.ts'
import { summary } from './summary.ts'

const SOURCES = fileURLToPath(new URL('../../plugin/assembly', import.meta.url))

/** Editors write a file in several steps. */
const SETTLE_MS = 100

const print = (text: string): boolean => process.stdout.write(text)

/** `dev`: as `start`, and the running Envoy gets the plugin anew whenever its sources change. */
export async function dev(commandLine: CommandLine): Promise<number> {
  using interruption = new Interruption()
  const { sandbox, logFile } = await startFromCommandLine(commandLine, {
    envoy: { updatable: true },
  })
  print(panel(sandbox, logFile))
  let settled: NodeJS.Timeout | undefined
  let update = Promise.resolve()
  const watcher = watch(SOURCES, { recursive: true }, () => {
    clearTimeout(settled)
    settled = setTimeout(() => {
      update = update.then(() => rebuild(sandbox.envoy))
    }, SETTLE_MS)
  })

  await interruption.signal

  watcher.close()
  clearTimeout(settled)
  await update
  const { requests, metrics, flushed } = await sandbox.stop()
  print(`${summary(requests, metrics, flushed)}\n`)
  return 0
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
