/** What the package offers under `moesif-envoy/emulator`: the host for any filter, and what concerns Moesif's. */
export * from '#sandbox/emulator/index.ts'
export { Collector, eventsOf } from './collector.ts'
export { destinationOf, type Destination } from './destination.ts'
export { MoesifEmulator } from './moesif-emulator.ts'
export { validateConfiguration, type ConfigurationVerdict } from './validate-configuration.ts'
