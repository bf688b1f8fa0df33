import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import type { Runtime } from '#sandbox/envoy/runtime.ts'
import { startEnvoy } from '#sandbox/envoy/start-envoy.ts'
import type { StartedEnvoy } from '#sandbox/envoy/started-envoy.ts'
import { runnableBootstrap, type IstioRun } from './runnable-bootstrap.ts'

export interface StartIstioProxyOptions extends IstioRun {
  upstreamPort: number
  collectorPort: number
  runtime?: Runtime
}

/** Starts a real Envoy on what Istio generated for a proxy; `runnableBootstrap` lists what is altered. */
export async function startIstioProxy({
  upstreamPort,
  collectorPort,
  runtime,
  ...run
}: StartIstioProxyOptions): Promise<StartedEnvoy> {
  // Filled while the configuration is built, which is before the files are written.
  const files: Record<string, string | Uint8Array> = {}
  return await startEnvoy({
    ...(runtime && { runtime }),
    upstream: `http://127.0.0.1:${upstreamPort}`,
    plugin: { options: {} },
    listeners: [{ name: run.listener }],
    files,
    bootstrap: (sandbox) =>
      runnableBootstrap(run, { ...placeIn(sandbox), upstreamPort, collectorPort }, files),
  })
}

/** Addresses and paths that depend on where Envoy runs, taken from the configuration the sandbox would have used. */
export function placeIn(sandbox: EnvoyJson): {
  admin: unknown
  listen: { address: string; port_value: number }
  hostAddress: string
  wasmFile: string
} {
  const resources = sandbox['static_resources'] as {
    listeners: EnvoyJson[]
    clusters: EnvoyJson[]
  }
  return {
    admin: sandbox['admin'],
    listen: first(resources.listeners, 'socket_address') as { address: string; port_value: number },
    hostAddress: (first(resources.clusters, 'socket_address') as { address: string }).address,
    wasmFile: String(first(resources.listeners, 'filename')),
  }
}

function first(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  if (key in value) return (value as EnvoyJson)[key]
  for (const inner of Object.values(value)) {
    const found = first(inner, key)
    if (found !== undefined) return found
  }
  return undefined
}
