import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { onExit } from 'signal-exit'
import { resolveRuntime } from '#sandbox/envoy/runtime.ts'
import { startEnvoy } from '#sandbox/envoy/start-envoy.ts'
import type { StartedEnvoy } from '#sandbox/envoy/started-envoy.ts'
import { children, ENVOY_CORE, OTHER_CORE, pinSelf } from './cores.ts'
import type { Variant } from './variants.ts'

/** One variant's Envoy, pinned, with the other side of the bench behind it. */
export interface BenchGateway {
  variant: Variant
  envoy: StartedEnvoy
  pid: number
}

export async function startUpstream(
  answer: string,
): Promise<{ url: string; process: ChildProcess }> {
  return await startServer('upstream.ts', ['--answer', answer])
}

/** Starts a script of this folder that prints its port. */
export async function startServer(
  script: string,
  args: readonly string[],
): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.once(
    'exit',
    onExit(() => void child.kill()),
  )
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { url: `http://127.0.0.1:${line.toString().trim()}`, process: child }
}

/**
 * `collectorUrl`: null for no such cluster, by default the upstream takes events too. `edge`: Envoy adds the client's address to `x-forwarded-for`, as it should where clients come in
 * @note Envoy inherits the core from this process, which goes back to the other one afterwards.
 */
export async function startGateway(
  variant: Variant,
  upstreamUrl: string,
  {
    collectorUrl = upstreamUrl,
    edge = false,
  }: { collectorUrl?: string | null; edge?: boolean } = {},
): Promise<BenchGateway> {
  const runtime = await resolveRuntime('process')
  const before = new Set(children())
  pinSelf(ENVOY_CORE)
  try {
    const envoy = await startEnvoy({
      runtime,
      upstream: upstreamUrl,
      ...(collectorUrl !== null && { collector: collectorUrl }),
      logLevel: 'error',
      listeners: [{ name: 'gateway', useRemoteAddress: edge }],
      plugin: variant.file === null ? null : { file: variant.file, options: variant.options },
    })
    const pid = children().find((child) => !before.has(child))
    if (pid === undefined) throw new Error('The Envoy that was just started is not to be found.')
    return { variant, envoy, pid }
  } finally {
    pinSelf(OTHER_CORE)
  }
}
