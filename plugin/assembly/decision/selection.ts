import { SkipRules } from '../conditions/skip-rules'
import { Subject } from '../conditions/subject'
import { AppConfig } from './app-config'
import { Decision, Keep } from './decision'
import { decideByChance } from './decide-by-chance'
import { LATER, sampleRate } from './sampling'

/** Why an exchange has no event, to be counted. */
export const enum Exclusion {
  /** It has one, or was counted already. */
  None,
  /** The option `skip` excludes it. */
  Skipped,
  /** Dropped by Moesif's sample rates. */
  SampledOut,
}

/**
 * Decides whether an exchange has an event, as far as that is known. The option `skip` comes first and holds whatever the rate was:
 * it is asked again when the response is there. A rate decides once.
 *
 * @param early the response has not come
 */
export function select(
  decision: Decision,
  skip: SkipRules | null,
  config: AppConfig | null,
  subject: Subject,
  early: bool,
): Exclusion {
  if (decision.keep == Keep.No) return Exclusion.None
  if (skip != null && skip.isMet(subject)) {
    decision.keep = Keep.No
    return Exclusion.Skipped
  }
  if (config == null || decision.keep != Keep.Open) return Exclusion.None
  const rate = sampleRate(config, subject, early)
  return rate == LATER || decideByChance(decision, rate) ? Exclusion.None : Exclusion.SampledOut
}
