import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { MutationTestResult } from 'mutation-testing-report-schema/api'
import { roomOf, type Verdict } from './mutant.ts'

/** What the score has to be. */
const THRESHOLDS = { high: 95, low: 80 }

/** Caught of those that count, in per cent. */
export function scoreOf(verdicts: readonly Verdict[]): number {
  const counted = verdicts.filter(({ status }) => isCounted(status))
  const caught = counted.filter(({ status }) => status !== 'Survived')
  return counted.length === 0 ? 100 : (caught.length / counted.length) * 100
}

const isCounted = (status: Verdict['status']): boolean =>
  status !== 'CompileError' && status !== 'Ignored'

function row(name: string, of: readonly Verdict[]): string {
  const count = (status: Verdict['status']) =>
    of.filter((verdict) => verdict.status === status).length
  const cells = [
    count('Killed') + count('Timeout'),
    count('Survived'),
    count('CompileError'),
    count('Ignored'),
    of.some(({ status }) => isCounted(status)) ? `${scoreOf(of).toFixed(0)} %` : '-',
  ]
  return [name.padEnd(12), ...cells.map((cell) => String(cell).padStart(10))].join('')
}

/** One line a room, and the sum. */
export function tableOf(verdicts: readonly Verdict[]): string {
  const rooms = [...new Set(verdicts.map(({ mutant }) => roomOf(mutant)))].sort()
  const head = ['caught', 'survived', 'invalid', 'ignored', 'score']
  return [
    ['room'.padEnd(12), ...head.map((cell) => cell.padStart(10))].join(''),
    ...rooms.map((room) =>
      row(
        room,
        verdicts.filter(({ mutant }) => roomOf(mutant) === room),
      ),
    ),
    row('all', verdicts),
  ].join('\n')
}

/** Writes `mutation.json` in the format that Stryker's tools share, and `mutation.html`, which shows it. */
export async function writeReport(
  project: string,
  folder: string,
  verdicts: readonly Verdict[],
  of = 'plugin/assembly',
): Promise<string> {
  const files: MutationTestResult['files'] = {}
  for (const [index, verdict] of verdicts.entries()) {
    const { mutant, status, reason, coveredBy, killedBy } = verdict
    const source = await readFile(path.join(project, mutant.file), 'utf8')
    const file = (files[mutant.file] ??= { language: 'typescript', source, mutants: [] })
    file.mutants.push({
      id: String(index),
      mutatorName: mutant.operator,
      replacement: mutant.replacement,
      location: {
        start: { line: mutant.line, column: mutant.column },
        end: endOf(source, mutant.end),
      },
      status,
      statusReason: reason,
      ...(coveredBy && { coveredBy: [...coveredBy] }),
      ...(killedBy && { killedBy: [...killedBy] }),
    })
  }
  const report: MutationTestResult = { schemaVersion: '2', thresholds: THRESHOLDS, files }
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'mutation.json'), JSON.stringify(report, null, 2))
  const page = path.join(folder, 'mutation.html')
  await writeFile(page, await pageOf(report, of))
  return page
}

function endOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

/** One page that needs nothing else. */
async function pageOf(report: MutationTestResult, of: string): Promise<string> {
  const elements = createRequire(import.meta.url).resolve(
    'mutation-testing-elements/dist/mutation-test-elements.js',
  )
  const script = (await readFile(elements, 'utf8')).replaceAll('</script', String.raw`<\/script`)
  const json = JSON.stringify(report).replaceAll('<', String.raw`\u003c`)
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Seeded defects of ${of}</title></head>
<body>
<mutation-test-report-app titlePostfix="${of}"></mutation-test-report-app>
<script>${script}</script>
<script>document.querySelector('mutation-test-report-app').report = ${json}</script>
</body>
</html>
`
}
