/** A defect that can be seeded: a piece of a source that is replaced by another. */
export interface Mutant {
  /** From the project's root, e.g. `plugin/assembly/delivery/queue.ts`. */
  file: string
  /** Offsets of what is replaced. */
  start: number
  end: number
  replacement: string
  /** The kind of defect, e.g. `boundary`. */
  operator: string
  /** What is replaced. */
  original: string
  /** From 1. */
  line: number
  column: number
}

type MutantStatus = 'Killed' | 'Survived' | 'Timeout' | 'CompileError' | 'Ignored'

export interface Verdict {
  mutant: Mutant
  status: MutantStatus
  /** The spec that failed, or why it is ignored. */
  reason: string
  ms: number
  /** Ids of the specs that run it, as far as that is measured. */
  coveredBy?: readonly string[]
  /** The id of the spec that failed. */
  killedBy?: readonly string[]
}

/** The folder of plugin/assembly or of mock-moesif that a file belongs to. */
export const roomOf = ({ file }: Pick<Mutant, 'file'>): string =>
  /^(?:plugin\/assembly|mock-moesif)\/([^/]+)\//.exec(file)?.[1] ?? '(entry)'

export const describeMutant = ({ file, line, column, operator, original, replacement }: Mutant) =>
  `${file}:${line}:${column} ${operator}: ${shortened(original)} -> ${shortened(replacement) || '(nothing)'}`

function shortened(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, ' ')
  return oneLine.length > 60 ? `${oneLine.slice(0, 57)}...` : oneLine
}
