import type { ArrivedEvent } from '../store/arrived.ts'

/** A bad event costs the good ones of its batch, too. */
export function refusalOf(events: readonly Pick<ArrivedEvent, 'verdict'>[]): string {
  const bad = events.filter(({ verdict }) => verdict === 'bad').length
  return bad === events.length
    ? 'Moesif would refuse this'
    : `Moesif would refuse all ${events.length} events of this batch: ${bad} of them ${bad === 1 ? 'is' : 'are'} bad`
}
