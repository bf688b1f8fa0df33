/** One thing that is wrong in a file a user would deploy. */
export interface Finding {
  file: string
  /** From 1. */
  line: number
  /** What is wrong, why it matters, what to write instead. */
  message: string
}
