import path from 'node:path'
import type { Judgement } from './judge-filter.ts'
import type { Verdict } from './sentence.ts'

/** One sentence, judged of two filters. */
export interface Pair {
  left: Verdict
  right: Verdict
}

/** One place where two events differ; `undefined`: nothing there. */
export interface EventDifference {
  /** JSON pointer. */
  pointer: string
  left: unknown
  right: unknown
}

/** As short as they can be told apart: the name of the file, with folders where both have one name. */
export function namesOf(left: Judgement, right: Judgement): [left: string, right: string] {
  const [one, other] = [left, right].map(({ wasm }) => path.resolve(wasm).split(path.sep)) as [
    string[],
    string[],
  ]
  if (one.join() === other.join()) return [`${one.at(-1)} (first)`, `${other.at(-1)} (second)`]
  let parts = 1
  while (one.slice(-parts).join() === other.slice(-parts).join()) parts++
  return [one.slice(-parts).join('/'), other.slice(-parts).join('/')]
}

/** Sentences that both were asked, in the order of the left one. */
export function pairsOf(left: Judgement, right: Judgement): Pair[] {
  const others = new Map(right.verdicts.map((verdict) => [verdict.id, verdict]))
  return left.verdicts.flatMap((verdict) => {
    const other = others.get(verdict.id)
    return other ? [{ left: verdict, right: other }] : []
  })
}

/** Those of which one holds and the other does not. */
export const disagreements = (pairs: readonly Pair[]): Pair[] =>
  pairs.filter(({ left, right }) => left.passed !== right.passed)

/** What is different in every run, whatever the filter: times, random ids, ports, durations. */
const RANDOM =
  /^\/(request\/time|response\/time|transaction_id|metadata\/request_id|request\/headers\/(host|x-request-id)|response\/headers\/(date|x-envoy-upstream-service-time))$/

/** Where the events of a pair differ, but for what differs in every run. */
export function eventDifferences({ left, right }: Pair): EventDifference[] {
  const [one, other] = [left.evidence?.event, right.evidence?.event]
  if (one === undefined || other === undefined) return []
  return differences(one, other, '').filter(({ pointer }) => !RANDOM.test(pointer))
}

function differences(left: unknown, right: unknown, pointer: string): EventDifference[] {
  if (isMap(left) && isMap(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)])
    return [...names].flatMap((name) =>
      differences(left[name], right[name], `${pointer}/${escaped(name)}`),
    )
  }
  // Filters write null where others write nothing.
  if ((left ?? null) === (right ?? null)) return []
  return JSON.stringify(withoutPort(left)) === JSON.stringify(withoutPort(right))
    ? []
    : [{ pointer, left, right }]
}

/** Listeners have other ports in each run. */
const withoutPort = (value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1') : value

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
