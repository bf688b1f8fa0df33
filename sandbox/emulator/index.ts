/**
 * An in-process Proxy-Wasm host: the built plugin in milliseconds, deterministically, without an Envoy.
 *
 * - `Emulator.load(wasm, { workers, mainThread, canary, now })`, then `configure(options)` and
 *   `worker(0).exchange({ request, response })`, or `worker(0).stream()` for callbacks one by one, in any order.
 * - `emulator.advance(ms)` fires ticks (Envoy's re-arm rule) and delivers scripted answers of `emulator.collector`.
 * - `emulator.collector.events()`, `.metrics`, `.logs`, `.hostCalls`, `.memoryPages`, `.traps` tell what became of it.
 * - `validateConfiguration(wasm, text)` asks the plugin about an options document.
 * - `lintModule(bytes)` and `readWasmModule(bytes)` look at a module without running it.
 *
 * What Envoy shows in which callback follows measurements on Envoy 1.40; `specs/envoy/differential-*.test.ts` hold the
 * two against each other.
 */
export { Action, BufferType, MapType, MetricType, Status, type LogLevel } from './abi.ts'
export { Collector, eventsOf, type Answer, type HttpCall } from './collector.ts'
export { Emulator, type ConfigureOptions, type EmulatorOptions } from './emulator.ts'
export { Exchange } from './exchange.ts'
export type {
  BodyScript,
  ExchangeScript,
  RequestScript,
  ResponseScript,
} from './exchange-script.ts'
export { HeaderMap, type HeaderInput, type HeaderValue } from './header-map.ts'
export type { Message } from './http-stream.ts'
export type { Trap } from './host.ts'
export { lintModule } from './lint-module.ts'
export type { LogEntry } from './log-book.ts'
export type { Plugin } from './plugin.ts'
export type { PropertyValue } from './property-value.ts'
export type { LocalResponse, Stream } from './stream.ts'
export { validateConfiguration, type ConfigurationVerdict } from './validate-configuration.ts'
export { readWasmModule, type WasmModule } from './wasm-module.ts'
export type { WorkerThread } from './worker-thread.ts'
