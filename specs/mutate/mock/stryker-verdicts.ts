import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { MutantResult } from '@stryker-mutator/api/core'
import type { Verdict } from '../mutant.ts'

type Position = MutantResult['location']['start']

/** What Stryker found, as `npm run mutate` reports its own. */
export function verdictOf(project: string, result: MutantResult): Verdict {
  const file = path.relative(project, path.resolve(project, result.fileName))
  const source = readFileSync(path.join(project, file), 'utf8')
  const start = offsetOf(source, result.location.start)
  const end = offsetOf(source, result.location.end)
  const { mutatorName: operator, replacement = '' } = result
  const { line, column } = result.location.start
  const original = source.slice(start, end)
  const mutant = { file, start, end, replacement, operator, original, line, column }
  return { mutant, ...outcomeOf(result), ms: 0 }
}

function outcomeOf(result: MutantResult): Pick<Verdict, 'status' | 'reason'> {
  const reason = result.statusReason?.split('\n')[0] ?? ''
  switch (result.status) {
    case 'Killed':
      return { status: 'Killed', reason }
    case 'Timeout':
      return { status: 'Timeout', reason }
    case 'Survived':
      return { status: 'Survived', reason: 'no spec failed' }
    case 'NoCoverage':
      return { status: 'Survived', reason: 'no spec runs it' }
    // A spec file that fails as a whole, or an error outside of any spec: `npm test` fails, too.
    case 'RuntimeError':
      return { status: 'Killed', reason: `outside a spec: ${reason}` }
    default:
      return { status: 'Ignored', reason: reason || result.status }
  }
}

function offsetOf(source: string, { line, column }: Position): number {
  let offset = 0
  for (let at = 1; at < line; at++) offset = source.indexOf('\n', offset) + 1
  return offset + column - 1
}
