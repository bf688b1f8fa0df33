import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Equivalents } from '#specs/mutate/equivalents.ts'
import { findMutants } from '#specs/mutate/find-mutants.ts'
import type { Mutant, Verdict } from '#specs/mutate/mutant.ts'
import { scoreOf, tableOf, writeReport } from '#specs/mutate/report.ts'
import { sampleOf } from '#specs/mutate/sample.ts'

const source = `import { other } from './other'
export function clamp(first: u32, last: u32): u32 {
  if (first < last && first != 0) return last - 1
  other(first)
  return first
}
`
const equivalent = {
  file: 'plugin/assembly/room/clamp.ts',
  line: 'if (first < last && first != 0) return last - 1',
  original: '<',
  replacement: '<=',
  reason: 'for a spec',
}
let project: string
let mutants: Mutant[]

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'moesif-seeded-defects-'))
  await mkdir(path.join(project, 'plugin/assembly/room'), { recursive: true })
  await mkdir(path.join(project, 'specs/mutate'), { recursive: true })
  await writeFile(path.join(project, equivalent.file), source)
  mutants = await findMutants(project)
})

afterAll(() => rm(project, { recursive: true, force: true }))

const sample = (seed: number) => sampleOf(mutants, 4, seed)

const listEquivalents = async (...entries: object[]) =>
  await writeFile(path.join(project, 'specs/mutate/equivalents.json'), JSON.stringify(entries))

test('finds what can be broken, where it is, and nothing in imports and types', () => {
  const found = mutants.map(
    ({ operator, original, replacement, line, column }) =>
      `${line}:${column} ${operator}: ${original} -> ${replacement}`,
  )

  expect(found).toEqual(
    expect.arrayContaining([
      '3:13 boundary: < -> <=',
      '3:13 comparison: < -> >=',
      '3:20 logic: && -> ||',
      '3:29 comparison: != -> ==',
      '3:32 constant: 0 -> 1',
      '3:7 condition: first < last && first != 0 -> false',
      '3:47 arithmetic: - -> +',
      '3:42 swapped pair: last -> first',
      '4:3 removed statement: other(first) -> ;',
    ]),
  )
  expect(mutants.every(({ line }) => line > 1)).toBe(true)
})

test('draws the same sample for the same seed', () => {
  expect(sample(7)).toEqual(sample(7))
  expect(sample(7)).not.toEqual(sample(8))
  expect(sample(7)).toHaveLength(4)
})

test('does not count what is listed as equivalent, with its reason', async () => {
  await listEquivalents(equivalent)
  const equivalents = await Equivalents.read(project, mutants)
  const reasons = mutants.map((mutant) => equivalents.reasonFor(mutant))

  expect(reasons.filter(Boolean)).toEqual(['for a spec'])
})

test('lists one of several equal pieces of a line by its number', async () => {
  const second = { ...equivalent, original: 'first', occurrence: 2, replacement: 'last' }
  await listEquivalents(second)
  const equivalents = await Equivalents.read(project, mutants)
  const listed = mutants.filter((mutant) => equivalents.reasonFor(mutant))

  expect(listed.map(({ line, column }) => `${line}:${column}`)).toEqual(['3:23'])
})

test('refuses a list of equivalents that names what is no longer there', async () => {
  await listEquivalents(equivalent, { ...equivalent, line: 'if (first < last)' })

  await expect(Equivalents.read(project, mutants)).rejects.toThrow(
    /no longer there; remove it:\n {2}plugin\/assembly\/room\/clamp.ts: if \(first < last\)/,
  )
})

test('reports in the format of Stryker, with a score of what counts', async () => {
  const statuses = ['Killed', 'Survived', 'Timeout', 'CompileError', 'Ignored'] as const
  const verdicts = statuses.map((status, index): Verdict => ({
    mutant: mutants[index]!,
    status,
    reason: status,
    ms: 1,
  }))
  const page = await writeReport(project, path.join(project, 'report'), verdicts)
  const report: unknown = JSON.parse(
    await readFile(path.join(project, 'report/mutation.json'), 'utf8'),
  )
  const schema = createRequire(import.meta.url)(
    'mutation-testing-report-schema/mutation-testing-report-schema.json',
  ) as object

  expect(scoreOf(verdicts)).toBeCloseTo(66.7, 1)
  expect(tableOf(verdicts).split('\n').at(-1)).toMatch(/^all +2 +1 +1 +1 +67 %$/)
  const ajv = new Ajv({ strict: false, validateFormats: false })
  expect([ajv.validate(schema, report), ajv.errors]).toEqual([true, null])
  expect(await readFile(page, 'utf8')).toContain('<mutation-test-report-app')
})
