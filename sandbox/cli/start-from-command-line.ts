import { createWriteStream } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildDashboard } from '#mock-moesif/dashboard/build.ts'
import { resolveRuntime } from '../envoy/runtime.ts'
import { adoptEnvoy } from '../own-envoy/adopt-envoy.ts'
import type { Sandbox, SandboxOptions } from '../sandbox.ts'
import { checkOptions, readOptions } from './check-options.ts'
import { checkPlugin } from './check-plugin.ts'
import type { CommandLine } from './command-line.ts'
import { requireFreePort } from './free-port.ts'
import { pluginLogLine } from './plugin-log.ts'

export interface StartedFromCommandLine {
  sandbox: Sandbox
  logFile: string
}

const say = (line: string): boolean => process.stderr.write(`${line}\n`)

/** Checks everything that can be wrong before it starts anything, and tells what takes time. */
export async function startFromCommandLine(
  commandLine: CommandLine,
  more: Pick<SandboxOptions, 'envoy'> = {},
): Promise<StartedFromCommandLine> {
  const pluginFile = await checkPlugin(commandLine.plugin, say)
  const own =
    commandLine.envoy === undefined ? undefined : await adoptEnvoy(commandLine.envoy, pluginFile)
  const documents = own?.options ?? [await readOptions(commandLine.config)]
  for (const document of documents) await checkOptions(document, pluginFile, say)
  await requireFreePort('--port', commandLine.port)
  await requireFreePort('--mock-port', commandLine.mockPort)
  await requireFreePort('--admin-port', commandLine.adminPort)
  const runtime = await resolveRuntime(commandLine.runtime, { onProgress: say })

  await dashboard()
  const logFile = join(await mkdtemp(join(tmpdir(), 'moesif-envoy-log-')), 'envoy.log')
  const log = createWriteStream(logFile)
  // The servers are loaded only now that everything given has proved right.
  const { Sandbox } = await import('../sandbox.ts')
  const sandbox = await Sandbox.start({
    runtime,
    pluginFile,
    pluginOptions: documents[0]!.text,
    ...(commandLine.upstream !== undefined && { upstream: commandLine.upstream }),
    port: commandLine.port,
    mockPort: commandLine.mockPort,
    adminPort: commandLine.adminPort,
    ...more,
    ...(own && { envoy: own.envoy }),
    onLog: (line) => {
      log.write(`${line}\n`)
      const words = pluginLogLine(line)
      if (words !== undefined) say(words)
    },
  })
  return { sandbox, logFile }
}

/** Without it the mock serves a plain page, which is no reason not to start. */
async function dashboard(): Promise<void> {
  try {
    await buildDashboard()
  } catch (error) {
    say(`The dashboard was not built, the mock shows a plain page: ${(error as Error).message}`)
  }
}
