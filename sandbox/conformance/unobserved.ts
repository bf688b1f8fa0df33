import type { Evidence } from './sentence.ts'

/** What a sentence is about could not be observed. */
export class Unobserved extends Error {
  override readonly name = 'Unobserved'
  readonly evidence: Evidence

  constructor(message: string, evidence: Evidence = {}) {
    super(message)
    this.evidence = evidence
  }
}
