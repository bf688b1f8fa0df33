import { compare, textOf } from './expectation.ts'
import type { Evidence, Sentence, Statement } from './sentence.ts'

/** A sentence as data: the value that is compared, and what is expected. Group and level may be those of the scene. */
export interface About<Context>
  extends Omit<Statement, 'group' | 'level'>, Partial<Pick<Statement, 'group' | 'level'>> {
  look: (context: Context) => unknown
  /** A value, an `Expectation`, or a function that gives one of them. */
  expected: unknown
}

export type Defaults = Pick<Statement, 'group' | 'level'>

/** @param contextOf where in what a scene observed the sentence looks */
export function sentenceAbout<Observed, Context>(
  { look, expected, ...statement }: About<Context> & Defaults,
  contextOf: (observed: Observed) => Context,
  evidenceOf: (context: Context) => Evidence,
): Sentence<Observed> {
  return {
    ...statement,
    judge: (observed) => {
      let evidence: Evidence = {}
      try {
        const context = contextOf(observed)
        evidence = evidenceOf(context)
        const wanted: unknown =
          typeof expected === 'function'
            ? (expected as (context: Context) => unknown)(context)
            : expected
        return { ...compare(look(context), wanted, context), evidence }
      } catch (error) {
        const seen = (error as Error).message
        const text = typeof expected === 'function' ? 'an event with it' : textOf(expected)
        return { passed: false, expected: text, seen, evidence }
      }
    },
  }
}

/** What the filter and Envoy's errors said last. */
export function tellingLines(log: readonly string[]): Evidence {
  const lines = log.filter((line) => /\[(wasm|critical)\]|\[error\]/.test(line)).slice(-3)
  return lines.length > 0 ? { log: lines } : {}
}
