import { SOURCE_KINDS, type SourceKind, type Verdict } from '../sentence.ts'

export interface Held {
  kind: SourceKind
  held: number
  all: number
}

/** What each kind of rule is. */
export const KINDS: Readonly<Record<SourceKind, string>> = {
  Moesif: "Moesif's documentation and the README of its own filter",
  gateway: 'what a gateway may expect of any filter',
  'this project': 'what this project promises beyond that',
}

/** How many sentences hold that rest on rules of Moesif, of gateways, and of this project. */
export const heldBySource = (verdicts: readonly Verdict[]): Held[] =>
  SOURCE_KINDS.flatMap((kind) => {
    const its = verdicts.filter(({ source }) => source.kind === kind)
    const held = its.filter(({ passed }) => passed).length
    return its.length === 0 ? [] : [{ kind, held, all: its.length }]
  })
