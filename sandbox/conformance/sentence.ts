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

/** Where a rule is written: an address, or a page of this project with a heading (`docs/events.md#bodies`). */
export interface Source {
  title: string
  url: string
}

/** What shows why a sentence holds or not. */
export interface Evidence {
  /** As the collector received it. */
  event?: unknown
  /** Lines of Envoy's log. */
  log?: string[]
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
  /** Anything thrown here is a failure, too: the value to compare does not exist. */
  judge: (observed: Observed) => Finding
}

/** A sentence, judged. */
export interface Verdict extends Statement, Finding {
  scene: string
}

export const isOfLevel = (statement: Statement, level: Level): boolean =>
  level === 'full' || statement.level === 'drop-in'
