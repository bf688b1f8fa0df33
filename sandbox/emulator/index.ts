/**
 * An in-process Proxy-Wasm host: runs a filter in milliseconds, deterministically, without an Envoy.
 *
 * - `Emulator.load(wasm, { workers, mainThread, canary, now })`, then `configure(options)` and
 *   `worker(0).exchange({ request, response })`, or `worker(0).stream()` for callbacks one by one, in any order.
 * - `emulator.advance(ms)` fires ticks (Envoy's re-arm rule) and delivers scripted answers of `emulator.callouts`.
 * - `emulator.callouts.calls`, `.metrics`, `.logs`, `.hostCalls`, `.memoryPages` and `.traps` show the effects.
 * - `lintModule(bytes)` and `readWasmModule(bytes)` inspect a module without running it.
 *
 * What Envoy shows in which callback follows measurements on Envoy 1.40; `specs/envoy/differential-*.test.ts` compare
 * the two.
 */
export { Action, BufferType, MapType, MetricType, Status, type LogLevel } from './abi/constants.ts'
export { Callouts, type Answer, type HttpCall, type Script } from './host/callouts.ts'
export { Emulator, type ConfigureOptions, type EmulatorOptions } from './emulator.ts'
export { Exchange } from './exchange/exchange.ts'
export type {
  BodyScript,
  ExchangeScript,
  RequestScript,
  ResponseScript,
} from './exchange/exchange-script.ts'
export { HeaderMap, type HeaderInput, type HeaderValue } from './abi/header-map.ts'
export type { Message } from './exchange/http-stream.ts'
export type { Trap } from './host/host.ts'
export { lintModule } from './module/lint-module.ts'
export type { LogEntry } from './host/log-book.ts'
export type { FailurePolicy } from './contexts/plugin-settings.ts'
export type { Plugin } from './plugin.ts'
export type { PropertyValue } from './abi/property-value.ts'
export type { Stream } from './contexts/stream.ts'
export type { LocalResponse } from './vm/context.ts'
export type { LoadedModule } from './module/loaded-module.ts'
export type { Trace, TracedCallback } from './host/trace.ts'
export { readWasmModule, type WasmModule } from './module/wasm-module.ts'
export type { WorkerThread } from './worker-thread.ts'
