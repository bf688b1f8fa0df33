export interface AwaitOptions {
  /** How many events must match, 1 by default. */
  count?: number
  /** Query, e.g. `status:>=500 user:u1`; any event by default. */
  where?: string
  /** Milliseconds, 5000 by default. */
  timeout?: number
  /** Also fail when more than `count` come. */
  exactly?: boolean
}
