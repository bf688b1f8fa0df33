import { compare, textOf } from './expectation.ts'
import type { Evidence, Finding, Sentence, Statement } from './sentence.ts'
import { Unobserved } from './unobserved.ts'

/** A sentence as data: the value that is compared, and what is expected. Group and level may be those of the scene. */
export interface About<Context>
  extends Omit<Statement, 'group' | 'level'>, Partial<Pick<Statement, 'group' | 'level'>> {
  look: (context: Context) => unknown
  /** A value, or an `Expectation`. */
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
    judge: (observe) => {
      let context: Context
      try {
        context = contextOf(observe())
      } catch (error) {
        return failure(error, textOf(expected))
      }
      const evidence = evidenceOf(context)
      try {
        return { ...compare(look(context), expected, context), evidence }
      } catch (error) {
        return failure(error, textOf(expected, context), evidence)
      }
    },
  }
}

/** There is nothing to compare. */
function failure(error: unknown, expected: string, evidence?: Evidence): Finding {
  const { message } = error as Error
  return {
    passed: false,
    expected,
    // Of what is looked at a part is missing.
    seen: error instanceof TypeError ? `nothing there (${message})` : message,
    evidence: evidence ?? (error instanceof Unobserved ? error.evidence : {}),
  }
}
