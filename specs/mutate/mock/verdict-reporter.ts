import type { MutantResult } from '@stryker-mutator/api/core'
import { describeMutant } from '../mutant.ts'
import { NOT_DRAWN } from './sample-checker.ts'
import { verdictOf } from './stryker-verdicts.ts'

/** A line for each defect as soon as it is judged. */
class VerdictReporter {
  onMutantTested(result: Readonly<MutantResult>): void {
    if (result.statusReason === NOT_DRAWN) return
    const { mutant, status, reason } = verdictOf(process.cwd(), result)
    console.log(`${status.padEnd(12)} ${describeMutant(mutant)} (${reason})`)
  }
}

/** What Stryker looks for in a plugin. */
export const strykerPlugins = [
  { kind: 'Reporter', name: 'verdicts', injectableClass: VerdictReporter },
]
