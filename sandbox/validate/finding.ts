import type { Path } from './path.ts'

/** An error keeps the plugin from capturing, events from arriving, or users from being served; the rest is a warning. */
export type Severity = 'error' | 'warning'

export interface Place {
  file: string
  /** From 1. */
  line: number
  /** From 1. */
  column: number
  /** Keys and indices that lead to it in the document; empty for the whole. */
  path: Path
}

/** One thing that is wrong in a file that a user would deploy. */
export interface Finding {
  severity: Severity
  place: Place
  /** What is wrong, and why it matters. */
  message: string
  /** What to do about it. */
  remedy?: string
}

/** Message and remedy as one sentence, or two. */
export function wording({ message, remedy }: Pick<Finding, 'message' | 'remedy'>): string {
  if (remedy === undefined) return message
  return /^[a-z]/.test(remedy) ? `${message}, ${remedy}` : `${message}. ${remedy}`
}

/** `file:line:column: severity: …`, as compilers write it. */
export function findingLine(finding: Finding): string {
  const { file, line, column } = finding.place
  return `${file}:${line}:${column}: ${finding.severity}: ${wording(finding)}`
}

/** Each finding once for each place, in the order of the files and their lines. */
export function distinct(findings: readonly Finding[], files: readonly string[]): Finding[] {
  const once = new Map(findings.map((finding) => [findingLine(finding), finding]))
  return [...once.values()].toSorted(
    ({ place: a }, { place: b }) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  )
}
