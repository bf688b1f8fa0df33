import { startEnvoyProcess } from './envoy-process.ts'
import type { StartEnvoyOptions } from './options.ts'
import { resolveRuntime, type Runtime } from './runtime.ts'
import type { StartedEnvoy } from './started-envoy.ts'

/**
 * Starts an Envoy with the plugin and waits until it serves.
 *
 * @throws Error when no Envoy and no Docker engine is found, when Envoy refuses its configuration, or when it is not ready within
 * `startTimeoutMs`; the message has the end of Envoy's log
 * @example
 * await using envoy = await startEnvoy({
 *   upstream: echo.url,
 *   collector: mock.url,
 *   plugin: { options: { moesif_application_id: 'app-1' } },
 * })
 * await fetch(`${envoy.url}/hello`)
 */
export async function startEnvoy(
  options: Omit<StartEnvoyOptions, 'runtime'> & {
    runtime?: StartEnvoyOptions['runtime'] | Runtime
  },
): Promise<StartedEnvoy> {
  const { runtime: wanted, ...rest } = options
  const runtime = typeof wanted === 'object' ? wanted : await resolveRuntime(wanted)
  if (runtime.name === 'process') return await startEnvoyProcess(rest, runtime)
  const { EnvoyContainer } = await import('./envoy-container.ts')
  return await new EnvoyContainer(runtime.image).withOptions(rest).start()
}
