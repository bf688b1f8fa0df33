import { Outcome } from '../conditions/condition'
import { routeStart } from '../conditions/prefilter'
import { Subject } from '../conditions/subject'
import { AppConfig } from './app-config'
import { EVERYTHING, NO_RATE } from './sample-rate'

/** It depends on what is still to come. */
export const LATER: u32 = 0xfffe

/**
 * The share of exchanges like this one that Moesif wants: the user's rate before the company's; the lower of that and of the first
 * group that the request meets; else the global one; else everything.
 *
 * @param early the response, which may still identify the user, has not come
 */
export function sampleRate(config: AppConfig, subject: Subject, early: bool): u32 {
  const own = identityRate(config, subject, early)
  if (own == LATER) return LATER
  const rated = ratedGroup(config, subject)
  if (rated == LATER) return LATER
  if (own != NO_RATE) return rated == NO_RATE ? own : min(own, rated)
  if (rated != NO_RATE) return rated
  return config.rate == NO_RATE ? EVERYTHING : config.rate
}

function identityRate(config: AppConfig, subject: Subject, early: bool): u32 {
  if (config.userRates.count) {
    const user = subject.facts.userId()
    if (early && subject.facts.userMayChange) return LATER
    const rate = config.rateIn(config.userRates, user)
    if (rate != NO_RATE) return rate
  }
  if (!config.companyRates.count) return NO_RATE
  const company = subject.facts.companyId()
  if (early && subject.facts.companyMayChange) return LATER
  return config.rateIn(config.companyRates, company)
}

function ratedGroup(config: AppConfig, subject: Subject): u32 {
  const route = routeStart(subject)
  let rated = config.firstRated
  while (rated != null) {
    const group = rated.group
    if (group.prefilter.passes(subject.verbBit, route)) {
      const outcome = group.test(subject)
      if (outcome == Outcome.Yes) return rated.rate
      if (outcome == Outcome.Later) return LATER
    }
    rated = rated.next
  }
  return NO_RATE
}
