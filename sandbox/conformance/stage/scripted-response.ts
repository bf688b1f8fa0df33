/** What the upstream answers to one exchange. Default: 200 with a short text. */
export interface ScriptedResponse {
  status?: number
  headers?: readonly (readonly [name: string, value: string])[]
  /** Several pieces are written one after the other, `pauseMs` apart. */
  body?: string | Buffer | readonly (string | Buffer)[]
  trailers?: Readonly<Record<string, string>>
  delayMs?: number
  pauseMs?: number
  /** Each piece is written when the client has all before it: what is held back for good ends in an error. */
  stepwise?: boolean
  /** 103 Early Hints go before the answer. */
  earlyHints?: boolean
  /** `cut`: the connection breaks behind the body, which is not at its end. `reset`: it breaks instead of an answer. */
  ends?: 'whole' | 'cut' | 'reset'
}

/** A request as it arrived. */
export interface Arrived {
  bytes: number
  sha256: string
  trailers: Readonly<Record<string, string>>
}
