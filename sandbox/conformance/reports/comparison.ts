import {
  disagreements,
  eventDifferences,
  namesOf,
  pairsOf,
  type Pair,
} from '../compare-judgements.ts'
import type { Judgement } from '../judge-filter.ts'
import { GROUPS } from '../sentence.ts'

const shortened = (text: string): string => (text.length > 160 ? `${text.slice(0, 160)} …` : text)

const json = (value: unknown): string =>
  shortened(value === undefined ? 'nothing' : JSON.stringify(value))

/** Two filters side by side: how many sentences hold, and each that holds for one only. */
export function comparisonReport(left: Judgement, right: Judgement): string {
  const pairs = pairsOf(left, right)
  const names = namesOf(left, right)
  const width = Math.max(12, ...names.map(({ length }) => length)) + 2
  const row = (cells: readonly string[]): string =>
    cells.map((cell, index) => cell.padEnd(index === 0 ? 24 : width)).join('')
  const groups = GROUPS.flatMap((group) => {
    const its = pairs.filter((pair) => pair.left.group === group)
    const held = (side: keyof Pair) =>
      `${its.filter((pair) => pair[side].passed).length}/${its.length}`
    return its.length === 0 ? [] : [row([group, held('left'), held('right')])]
  })
  const different = disagreements(pairs)
  return [
    row(['', ...names]),
    ...groups,
    '',
    ...different.map((pair) => disagreement(pair, names)),
    `${different.length} of ${pairs.length} sentences hold for one of the two only`,
  ].join('\n')
}

function disagreement(pair: Pair, names: readonly string[]): string {
  const { left, right } = pair
  const events = eventDifferences(pair).map(
    ({ pointer, left: one, right: other }) => `    ${pointer}: ${json(one)} | ${json(other)}`,
  )
  return [
    `${left.group}: ${left.says}`,
    sideOf(names[0]!, left),
    sideOf(names[1]!, right),
    ...(events.length > 0 ? ['  the events differ at', ...events] : []),
    '',
  ].join('\n')
}

const sideOf = (name: string, { passed, seen }: Pair['left']): string =>
  `  ${passed ? 'ok    ' : 'FAILED'} ${name}: ${shortened(seen)}`
