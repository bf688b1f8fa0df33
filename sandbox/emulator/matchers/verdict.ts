/** What a matcher answers to vitest. */
export interface Verdict {
  pass: boolean
  message: () => string
}

/** @param seen what was there instead, for the message of a failure */
export function verdict(pass: boolean, expectation: string, seen: () => string): Verdict {
  return {
    pass,
    message: () => `Expected ${pass ? 'not ' : ''}${expectation}.\n${seen()}`,
  }
}
