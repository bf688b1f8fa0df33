import { spawn, type ChildProcess } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onExit } from 'signal-exit'
import { until } from '../until.ts'
import { EnvoyAdmin } from './admin.ts'
import { buildBootstrap, buildListeners, listenersOf } from './bootstrap.ts'
import type { Placement } from './placement.ts'
import { envoyArguments } from './envoy-arguments.ts'
import { EnvoyLog } from './envoy-log.ts'
import { ListenerDiscovery } from './listener-discovery.ts'
import { ENVOY_FILES_PLACEHOLDER, type EnvoyOptions, type StartEnvoyOptions } from './options.ts'
import { PartsOfStart } from './parts-of-start.ts'
import { PluginFiles } from './plugin-files.ts'
import { noteEnvoy, runDirectory } from './run-directory.ts'
import type { ProcessRuntime } from './runtime.ts'
import { StartedEnvoy } from './started-envoy.ts'

const LOOPBACK = '127.0.0.1'

/** Runs Envoy as a child process. Ports are free ones unless given. */
export async function startEnvoyProcess(
  options: StartEnvoyOptions,
  runtime: ProcessRuntime,
): Promise<StartedEnvoy> {
  await using started = new PartsOfStart()
  const directory = await runDirectory()
  started.defer(() => rm(directory, { recursive: true, force: true }))
  const plugins = new PluginFiles(directory)
  const provide = async (changed: EnvoyOptions): Promise<void> => {
    for (const { path, wasm } of await plugins.read(changed)) await writeFile(path, wasm)
  }
  const log = new EnvoyLog()
  if (options.onLog) log.onLine(options.onLog)
  const placement: Placement = {
    hostAddress: LOOPBACK,
    admin: { address: LOOPBACK, port: options.adminPort ?? 0 },
    listener: ({ port }) => ({ address: LOOPBACK, port: port ?? 0 }),
    wasmPath: (plugin) => plugins.path(plugin),
  }
  await provide(options)
  let discovery: ListenerDiscovery | undefined
  if (options.updatable) {
    const listeners = buildListeners(options, placement)
    discovery = started.use(await ListenerDiscovery.start(listeners, LOOPBACK))
    placement.discoveryPort = discovery.port
  }
  await writeFiles(directory, {
    'envoy.json': JSON.stringify(buildBootstrap(options, placement)),
    ...options.files,
  })
  const adminAddressFile = join(directory, 'admin-address')
  const ending = new EndWithThisProcess()
  const child = spawn(
    runtime.binary,
    [
      ...envoyArguments(options, join(directory, 'envoy.json')),
      '--disable-hot-restart',
      '--admin-address-path',
      adminAddressFile,
    ],
    // @note in a group of its own: a Ctrl-C in the terminal must not end Envoy before it has delivered.
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  started.defer(async () => void (await endChild(child, 'SIGKILL')))
  ending.of(child)
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk: Buffer) => log.write(chunk))
  }
  if (child.pid !== undefined) await noteEnvoy(directory, child.pid)
  const admin = await ready(child, adminAddressFile, log, options.startTimeoutMs ?? 30_000)
  const version = await admin.version()
  const ports = await listenerPorts(admin, options)
  started.complete()
  return new StartedEnvoy({
    runtime,
    options,
    placement,
    adminUrl: admin.url,
    version,
    log,
    listenerPorts: ports,
    discovery,
    exited: exitOf(child),
    provide,
    end: async (signal) => {
      const exitCode = await endChild(child, signal)
      await rm(directory, { recursive: true, force: true })
      return exitCode
    },
  })
}

async function writeFiles(
  directory: string,
  files: Record<string, string | Uint8Array>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const placed =
      typeof content === 'string' ? content.replaceAll(ENVOY_FILES_PLACEHOLDER, directory) : content
    await writeFile(join(directory, name), placed)
  }
}

async function ready(
  child: ChildProcess,
  adminAddressFile: string,
  log: EnvoyLog,
  timeoutMs: number,
): Promise<EnvoyAdmin> {
  let failure: Error | undefined
  child.once('error', (error) => (failure = error))
  return await until(
    async () => {
      if (failure) throw new Error(`Envoy cannot be run: ${failure.message}`)
      if (hasExited(child)) {
        const rejection = log.configurationError()
        if (rejection) throw new Error(`Envoy refuses its configuration: ${rejection}`)
        throw new Error(
          `Envoy ended with code ${child.exitCode ?? child.signalCode} before it was ready. ${log.tail()}`,
        )
      }
      const address = await readFile(adminAddressFile, 'utf8').catch(() => '')
      if (address === '') return undefined
      const admin = new EnvoyAdmin(`http://${address.trim()}`)
      return (await admin.ready()) ? admin : undefined
    },
    { what: () => `Envoy did not become ready. ${log.tail()}`, timeoutMs, everyMs: 15 },
  )
}

/** In the order of the options, whatever order Envoy lists them in. */
async function listenerPorts(
  admin: EnvoyAdmin,
  options: EnvoyOptions,
): Promise<Record<string, number>> {
  const ports = await admin.listenerPorts()
  return Object.fromEntries(listenersOf(options).map(({ name }) => [name, ports[name] ?? 0]))
}

/**
 * Ends a process with this one, however this one ends.
 *
 * @note It is made before the process is started: a signal may come before `spawn` returns, and one that nobody handles ends this
 * process without its `exit` event.
 */
class EndWithThisProcess {
  #child: ChildProcess | undefined
  readonly #forget = onExit(() => void this.#child?.kill('SIGKILL'))

  of(child: ChildProcess): void {
    this.#child = child
    child.once('exit', this.#forget).once('error', this.#forget)
  }
}

const hasExited = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

/** The exit code, null when a signal ended it. */
async function exitOf(child: ChildProcess): Promise<number | null> {
  if (hasExited(child)) return child.exitCode
  return await new Promise((resolve) => child.once('exit', resolve))
}

async function endChild(
  child: ChildProcess,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<number | null> {
  if (child.pid === undefined) return null
  const exited = exitOf(child)
  child.kill(signal)
  const lastResort = setTimeout(() => child.kill('SIGKILL'), 10_000)
  const exitCode = await exited
  clearTimeout(lastResort)
  return exitCode
}
