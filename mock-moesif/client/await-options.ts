export interface AwaitOptions {
  /** How many events must match, 1 by default. */
  count?: number
  /** Query, e.g. `status:>=500 user:u1`; any event without. */
  where?: string
  /** Milliseconds, 5000 by default. */
  timeout?: number
  /** Fail when more than `count` come, too. */
  exactly?: boolean
}
