import type { HeaderMap } from './header-map.ts'
import type { RootContext } from './root-context.ts'
import type { Vm } from './vm.ts'

/** What host functions ask of the context they are called from. */
export interface Context {
  readonly id: number
  readonly root: RootContext
  readonly vm: Vm
  /** Null where this phase has no such map: its pairs read as empty, a value of it as BadArgument. */
  headerMap(type: number): HeaderMap | null
  /** Null where a plugin may not change that map now. */
  writableMap(type: number): HeaderMap | null
  /** Null where there is no such buffer. */
  buffer(type: number): Uint8Array | null
  replaceBuffer(type: number, start: number, length: number, value: Uint8Array): boolean
  /** Null when the property does not exist in this phase. */
  property(path: readonly string[]): Uint8Array | null
  setProperty(path: readonly string[], value: Uint8Array): void
  /** False where there is nothing to answer (no stream, or its response has begun). */
  sendLocalResponse(status: number, body: Uint8Array, headers: HeaderMap, details: string): boolean
}
