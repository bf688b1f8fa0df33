import type { Status } from './abi.ts'
import type { HeaderMap } from './header-map.ts'
import type { RootContext } from './root-context.ts'
import type { LocalResponse } from './stream.ts'
import type { Vm } from './vm.ts'

/** What host functions ask of the context they are called from. */
export interface Context {
  readonly id: number
  readonly root: RootContext
  readonly vm: Vm
  /** on_log runs: then a value of a map that is not there is NotFound rather than BadArgument. */
  readonly isLogging: boolean
  /** Null where there is no such map now: its pairs read as empty. */
  headerMap(type: number): HeaderMap | null
  /** Null where a plugin may not change that map now. */
  writableMap(type: number): HeaderMap | null
  /** Null where there is no such buffer. */
  buffer(type: number): Uint8Array | null
  replaceBuffer(type: number, start: number, length: number, value: Uint8Array): Status
  /** Null when the property does not exist in this phase. */
  property(path: readonly string[]): Uint8Array | null
  setProperty(path: readonly string[], value: Uint8Array): void
  /** Nothing comes of these three where there is no stream. */
  sendLocalResponse(reply: LocalResponse): void
  continueStream(type: number): Status
  closeStream(type: number): Status
}
