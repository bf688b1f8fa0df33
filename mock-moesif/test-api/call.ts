import type { BodyOf, OperationName, PathOf, QueryOf } from '../contract/index.ts'
import type { Reply } from './reply.ts'

/** A call, wherever it came from. */
export interface Caller {
  /** The body, read when it is asked for. */
  bytes(): Promise<Uint8Array>
  /** Aborted when the caller disconnects. */
  signal: AbortSignal
  lastEventId: string | undefined
}

/** One call of an operation, its arguments checked. */
export interface Call<Name extends OperationName> extends Caller {
  path: PathOf<Name>
  query: [QueryOf<Name>] extends [undefined] ? object : QueryOf<Name>
  body: BodyOf<Name>
}

type Handler<Name extends OperationName> = (call: Call<Name>) => Reply | Promise<Reply>

/** A handler for each of these operations of the contract. */
export type Handlers<Names extends OperationName = OperationName> = {
  [Name in Names]: Handler<Name>
}

export const ok = (json: unknown): Reply => ({ status: 200, json })
export const noContent: Reply = { status: 204 }
