export const GROUPS = [
  'configuration',
  'request',
  'response',
  'bodies',
  'identity',
  'batching',
  'delivery under faults',
  'ends and updates',
  'robustness',
  'privacy',
  'sampling',
  'governance',
  'cost',
] as const
export type Group = (typeof GROUPS)[number]

/** `drop-in`: with the options that Moesif's own filter has. `full`: with those of this project, too. */
export const LEVELS = ['drop-in', 'full'] as const
export type Level = (typeof LEVELS)[number]

/** Whose rules there are: a filter may fail those of this project and do all that Moesif documents. */
export const SOURCE_KINDS = ['Moesif', 'gateway', 'this project'] as const
export type SourceKind = (typeof SOURCE_KINDS)[number]

/** Where a rule is written: an address, or a page of this project with a heading (`docs/events.md#bodies`). */
export interface Source {
  kind: SourceKind
  title: string
  url: string
}

/** What shows why a sentence holds or not. */
export interface Evidence {
  /** As the collector received it. */
  event?: unknown
  /** Lines of Envoy's log about the filter of this case. */
  log?: string[]
  /** Errors that Envoy logged without the name of a filter: they may be of another case in the same Envoy. */
  envoyLog?: string[]
  /** What the collector got, one line a request. */
  requests?: string[]
}

export interface Finding {
  passed: boolean
  expected: string
  seen: string
  evidence?: Evidence
}

/** One statement about any Moesif filter. */
export interface Statement {
  /** Stable, for baselines: kebab-case. */
  id: string
  group: Group
  level: Level
  /** A flat sentence that is true of a filter that conforms. */
  says: string
  source: Source
}

export interface Sentence<Observed> extends Statement {
  /** @param observe throws when the scene could not be played */
  judge: (observe: () => Observed) => Finding
}

/** A sentence, judged. */
export interface Verdict extends Statement, Finding {
  scene: string
}

export const isOfLevel = (statement: Statement, level: Level): boolean =>
  level === 'full' || statement.level === 'drop-in'
