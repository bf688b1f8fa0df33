import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildDashboard } from '#mock-moesif/dashboard/build.ts'
import { endLeftovers } from '../envoy/leftovers.ts'
import { noteContainer, runDirectory } from '../envoy/run-directory.ts'
import { resolveRuntime } from '../envoy/runtime.ts'
import { adoptEnvoy, type AdoptedEnvoy } from '../own-envoy/adopt-envoy.ts'
import type { Sandbox, SandboxOptions } from '../sandbox.ts'
import { eventContentsLines } from '../validate/options/event-contents.ts'
import { checkOptions, readOptions } from './check-options.ts'
import { checkPlugin } from './check-plugin.ts'
import type { SandboxArguments } from './command-line.ts'
import { pluginLogLine } from './plugin-log.ts'
import {
  chosenPorts,
  portsOfOptions,
  requireFreePorts,
  type Ports,
  type WantedPort,
} from './ports.ts'

export interface StartedFromCommandLine {
  sandbox: Sandbox
  /** Where requests go, for people. */
  upstream: string
  /** What leaves with the events of each plugin, as lines of a table. */
  leaving: string[][]
  logFile: string
  /** Removes the log, when everything ended as it should. */
  discardLog: () => Promise<void>
}

const say = (line: string): boolean => process.stderr.write(`${line}\n`)

/** Checks everything that can be wrong before it starts anything, and prints what takes time. */
export async function startFromCommandLine(
  given: SandboxArguments,
  usual: Ports,
  more: Pick<SandboxOptions, 'envoy'> = {},
): Promise<StartedFromCommandLine> {
  const pluginFile = await checkPlugin(given.plugin, say)
  const own =
    given.envoy === undefined ? undefined : await adoptEnvoy(given.envoy, pluginFile, given.port)
  const documents = own?.options ?? [await readOptions(given.config)]
  const leaving: string[][] = []
  for (const document of documents) {
    await checkOptions(document, pluginFile, say)
    leaving.push(await eventContentsLines(document.text, pluginFile))
  }
  await endLeftovers(say)
  const ports = chosenPorts(given, usual, own?.adminPort)
  await requireFreePorts(wantedPorts(ports, given.envoy, own))
  const runtime = await resolveRuntime(given.runtime, { onProgress: say })

  await buildPage()
  const directory = await runDirectory()
  if (runtime.name === 'container') {
    const { processId } = await import('../envoy/reaper.ts')
    await noteContainer(directory, processId())
  }
  const logFile = join(directory, 'envoy.log')
  const log = createWriteStream(logFile)
  const discardLog = async (): Promise<void> => {
    if (!log.closed) await once(log.end(), 'close')
    await rm(directory, { recursive: true, force: true })
  }
  // The servers are loaded only now that everything given has proved right.
  const { Sandbox } = await import('../sandbox.ts')
  const starting = Sandbox.start({
    runtime,
    pluginFile,
    pluginOptions: documents[0]!.text,
    ...(given.upstream !== undefined && { upstream: given.upstream }),
    ...ports,
    ...more,
    ...(own && { upstream: null, envoy: own.envoy }),
    onLog: (line) => {
      log.write(`${line}\n`)
      const message = pluginLogLine(line)
      if (message !== undefined) say(message)
    },
  })
  const sandbox = await starting.catch(async (error: Error) => {
    if (log.bytesWritten > 0) error.message += `\nThe whole log: ${logFile}`
    else await discardLog()
    throw error
  })
  const upstream = own ? `where ${given.envoy} routes it` : (given.upstream ?? 'echo service')
  return { sandbox, upstream, leaving, logFile, discardLog }
}

function wantedPorts(
  ports: Ports,
  file: string | undefined,
  own: AdoptedEnvoy | undefined,
): WantedPort[] {
  const listeners = own?.listeners.map((listener, index): WantedPort => ({
    port: listener.port,
    who: `the listener "${listener.name}" of ${file}`,
    remedy:
      index === 0
        ? 'Choose another: --port N, or --port 0 for any free one.'
        : `Choose another in ${file}, or --port 0 for any free ones.`,
  }))
  const [gateway, ...others] = portsOfOptions(ports)
  return [...(listeners ?? [gateway!]), ...others]
}

/** Without it the mock serves a plain page, which is no reason not to start. */
async function buildPage(): Promise<void> {
  try {
    await buildDashboard()
  } catch (error) {
    say(`The dashboard was not built, the mock shows a plain page: ${(error as Error).message}`)
  }
}
