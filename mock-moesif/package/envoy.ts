/** What the package offers under `moesif-envoy/envoy`: Envoy with the plugin, as a container or a process. */
export { EnvoyContainer } from '#sandbox/envoy/envoy-container.ts'
export * from '#sandbox/index.ts'
