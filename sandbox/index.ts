/** What the npm package offers under `moesif-envoy/envoy`: Envoy with the plugin, as a container or a process. */
export { startEcho, type Echo } from './echo/echo.ts'
export { EnvoyContainer } from './envoy/envoy-container.ts'
export { envoyFile, type EnvoyOptions, type StartEnvoyOptions } from './envoy/options.ts'
export { BUILT_PLUGIN, type PluginOptions } from './envoy/plugin-filter.ts'
export { resolveRuntime, type Runtime } from './envoy/runtime.ts'
export { startEnvoy } from './envoy/start-envoy.ts'
export type { StartedEnvoy } from './envoy/started-envoy.ts'
