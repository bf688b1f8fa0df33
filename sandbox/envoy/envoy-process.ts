import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EnvoyAdmin } from './admin.ts'
import { buildBootstrap, buildListeners, listenersOf, type Placement } from './bootstrap.ts'
import { EnvoyLog } from './envoy-log.ts'
import { ListenerDiscovery } from './listener-discovery.ts'
import { ENVOY_FILES_PLACEHOLDER, type EnvoyOptions, type StartEnvoyOptions } from './options.ts'
import { PluginFiles } from './plugin-files.ts'
import type { ProcessRuntime } from './runtime.ts'
import { StartedEnvoy } from './started-envoy.ts'
import { envoyArguments } from './envoy-arguments.ts'

/** Runs Envoy as a child process. Ports are free ones unless given. */
export async function startEnvoyProcess(
  options: StartEnvoyOptions,
  runtime: ProcessRuntime,
): Promise<StartedEnvoy> {
  const directory = await mkdtemp(join(tmpdir(), 'moesif-envoy-'))
  const plugins = new PluginFiles(directory)
  const provide = async (changed: EnvoyOptions): Promise<void> => {
    for (const { path, wasm } of await plugins.read(changed)) await writeFile(path, wasm)
  }
  const log = new EnvoyLog()
  if (options.onLog) log.onLine(options.onLog)
  const placement: Placement = {
    hostAddress: '127.0.0.1',
    admin: { address: '127.0.0.1', port: options.adminPort ?? 0 },
    listener: ({ port }) => ({ address: '127.0.0.1', port: port ?? 0 }),
    wasmPath: (plugin) => plugins.path(plugin),
  }
  let discovery: ListenerDiscovery | undefined
  let child: ChildProcess | undefined
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    const exitCode = child ? await endChild(child, signal) : null
    await rm(directory, { recursive: true, force: true })
    return exitCode
  }
  try {
    await provide(options)
    if (options.updatable) {
      discovery = await ListenerDiscovery.start(buildListeners(options, placement), '127.0.0.1')
      placement.discoveryPort = discovery.port
    }
    const adminAddressFile = join(directory, 'admin-address')
    const configFile = join(directory, 'envoy.json')
    const json = JSON.stringify(buildBootstrap(options, placement))
    const files = { ...options.files, 'envoy.json': json }
    for (const [name, content] of Object.entries(files)) {
      await writeFile(
        join(directory, name),
        typeof content === 'string'
          ? content.replaceAll(ENVOY_FILES_PLACEHOLDER, directory)
          : content,
      )
    }
    child = spawn(
      runtime.binary,
      [
        ...envoyArguments(options, configFile),
        '--disable-hot-restart',
        '--admin-address-path',
        adminAddressFile,
      ],
      // @note in a group of its own: a Ctrl-C in the terminal must not end Envoy before it has delivered.
      { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    )
    endWithThisProcess(child)
    child.stdout?.on('data', (chunk: Buffer) => log.write(chunk))
    child.stderr?.on('data', (chunk: Buffer) => log.write(chunk))
    const admin = await ready(child, adminAddressFile, log, options.startTimeoutMs ?? 30_000)
    return new StartedEnvoy({
      runtime,
      options,
      placement,
      adminUrl: admin.url,
      version: await admin.version(),
      log,
      listenerPorts: await listenerPorts(admin, options),
      discovery,
      provide,
      end,
    })
  } catch (error) {
    await end('SIGKILL')
    await discovery?.[Symbol.asyncDispose]()
    throw error
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
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    if (failure) throw new Error(`Envoy cannot be run: ${failure.message}`)
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(
        `Envoy ended with code ${child.exitCode ?? child.signalCode} before it was ready. ${log.tail()}`,
      )
    }
    const address = await readFile(adminAddressFile, 'utf8').catch(() => '')
    if (address !== '') {
      const admin = new EnvoyAdmin(`http://${address.trim()}`)
      if (await admin.ready()) return admin
    }
    await sleep(15)
  }
  throw new Error(`Envoy did not become ready in ${timeoutMs} ms. ${log.tail()}`)
}

/** In the order of the options, whatever order Envoy lists them in. */
async function listenerPorts(
  admin: EnvoyAdmin,
  options: EnvoyOptions,
): Promise<Record<string, number>> {
  const ports = await admin.listenerPorts()
  return Object.fromEntries(listenersOf(options).map(({ name }) => [name, ports[name] ?? 0]))
}

function endWithThisProcess(child: ChildProcess): void {
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
}

async function endChild(
  child: ChildProcess,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill(signal)
  const lastResort = setTimeout(() => child.kill('SIGKILL'), 10_000)
  const exitCode = await exited
  clearTimeout(lastResort)
  return exitCode
}
