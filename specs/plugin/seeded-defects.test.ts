import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Equivalents } from '#specs/mutate/equivalents.ts'
import { findMutants } from '#specs/mutate/find-mutants.ts'
import type { Mutant, Verdict } from '#specs/mutate/mutant.ts'
import { markSources, type MarkedSources } from '#specs/mutate/places/mark-sources.ts'
import type { Coverage } from '#specs/mutate/places/measure-coverage.ts'
import { MutantPlaces } from '#specs/mutate/places/mutant-places.ts'
import { MAGIC, PlaceSet } from '#specs/mutate/places/place-set.ts'
import { RecordedModules } from '#specs/mutate/places/recorded-modules.ts'
import { scoreOf, tableOf, writeReport } from '#specs/mutate/report.ts'
import { sampleOf } from '#specs/mutate/sample.ts'
import { SpecSelection } from '#specs/mutate/spec-selection.ts'

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
let marked: MarkedSources

/** The place that `cut.ts` begins with: so many are in `clamp.ts`. */
const CUT = 4

const branching = `const LIMIT: u32 = 8
export function cut(length: u32): u32 {
  if (length > LIMIT && length != 9) return LIMIT
  while (grow()) length++
  if (grow()) return 1
  return length
}
`

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'moesif-seeded-defects-'))
  await mkdir(path.join(project, 'plugin/assembly/room'), { recursive: true })
  await mkdir(path.join(project, 'specs/mutate'), { recursive: true })
  await writeFile(path.join(project, equivalent.file), source)
  mutants = await findMutants(project)
  await writeFile(path.join(project, 'plugin/assembly/room/cut.ts'), branching)
  marked = await markSources(project)
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

test('marks each sequence of statements and each branch of a condition', () => {
  const cut = marked.sources.find(({ file }) => file.endsWith('cut.ts'))
  const text = cut?.text
    .replace(/^import.*?;/, '')
    .replaceAll(
      /store<u8>\(MARKED_PLACES,1,(\d+)\);/g,
      (_mark, place) => `[${Number(place) - CUT}]`,
    )

  expect(text).toBe(`const LIMIT: u32 = 8
export function cut(length: u32): u32 {
  [0]if (length > LIMIT && length != 9) {[1]return LIMIT} else {[2]}
  [3]while (grow()) {[4]length++}
  [5]if (grow()) {[6]return 1} else {[7]}
  [8]return length
}
`)
  expect(marked.count).toBe(CUT + 9)
})

/** Where `cut.ts` has to run for a defect to be seen, by numbers of its own. */
async function placesOf(line: string, original: string, replacement: string, operator: string) {
  const file = 'plugin/assembly/room/cut.ts'
  const start = branching.indexOf(original, branching.indexOf(line))
  const place = { file, start, end: start + original.length, line: 0, column: 0 }
  const places = await MutantPlaces.of(project, marked.sources)
  const found = places.of({ ...place, original, replacement, operator })
  return found && [...found].map((one) => one - CUT)
}

test.each([
  ['  if (length > LIMIT', 'length > LIMIT && length != 9', 'true', 'condition', [2]],
  ['  if (length > LIMIT', 'length > LIMIT && length != 9', 'false', 'condition', [1]],
  ['  if (length > LIMIT', '>', '>=', 'boundary', [2]],
  ['  if (length > LIMIT', '&&', '||', 'logic', [2]],
  ['  if (length > LIMIT', '!=', '==', 'comparison', [0]],
  // What a condition does besides is done in neither branch then.
  ['  if (grow())', 'grow()', 'true', 'condition', [5]],
  ['  while (grow()', 'length++', ';', 'removed statement', [4]],
  ['const LIMIT', '8', '9', 'constant', [0, 1]],
  ['export function', 'cut', 'grow', 'swapped pair', null],
])('in "%s" %s -> %s, a %s, is seen where %5$j runs', async (line, from, to, operator, places) => {
  expect(await placesOf(line, from, to, operator)).toEqual(places)
})

test('records what an instance runs in a spec, and what it ran before that may show in it', () => {
  const modules = new RecordedModules(3)
  const [first, second] = [1, 2].map(() => modules.record(instanceWithMarks()).exports)
  call(first, 'mark0')
  const specs = [modules.endStretch()]
  call(second, 'mark1')
  specs.push(modules.endStretch())
  call(first, 'mark2')
  specs.push(modules.endStretch())

  const seen = specs.map(({ places, shared }) => [
    [0, 1, 2].filter((place) => places.has(place)),
    shared,
  ])
  expect(seen).toEqual([
    [[0], false],
    [[1], true],
    [[0, 2], true],
  ])
})

const call = (exports: WebAssembly.Exports | undefined, name: string) =>
  (exports![name] as () => void)()

const section = (id: number, ...content: number[]) => [id, content.length, ...content]

const exported = (name: string, kind: number, index: number) =>
  [name.length].concat([...Buffer.from(name)], kind, index)

/** Its functions `mark0` to `mark2` mark these places, as the plugin's code does. */
function instanceWithMarks(): WebAssembly.Instance {
  const marks = [0, 1, 2]
  const bodies = marks.flatMap((place) => {
    const at = MAGIC.length + place
    return [9, 0, 0x41, at, 0x41, 1, 0x3a, 0, 0, 0x0b]
  })
  const names = marks.flatMap((place) => exported(`mark${place}`, 0, place))
  const module = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0].concat(
    section(1, 1, 0x60, 0, 0),
    section(3, 3, 0, 0, 0),
    section(5, 1, 0, 1),
    section(7, 4, ...exported('memory', 2, 0), ...names),
    section(10, 3, ...bodies),
    section(11, 1, 0, 0x41, 0, 0x0b, MAGIC.length, ...MAGIC),
  )
  return new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(module)))
}

const placeSet = (...places: number[]) => {
  const set = PlaceSet.ofCount(16)
  for (const place of places) set.add(place)
  return String(set)
}

const coverage: Coverage = {
  hash: '',
  files: Object.entries({
    slow: [[1, 2], [3]],
    special: [[1]],
    whole: [[4], [5]],
    between: [[6], [7]],
    unknown: [[8]],
    'other-filter': [[]],
  }).map(([name, specs]) => ({
    file: `specs/plugin/${name}.test.ts`,
    loadMs: 100,
    isUnknown: name === 'unknown',
    isWhole: name === 'whole',
    places: placeSet(...(name === 'between' ? [9] : [])),
    specs: specs.map((places, index) => ({
      id: `${name} ${index}`,
      name: '',
      ms: name === 'slow' ? 1000 : 10,
      places: placeSet(...places),
    })),
  })),
}

test.each([
  ['the specs that run its place', [3], ['unknown 0', 'slow 1']],
  ['quick ones first', [1], ['special 0', 'unknown 0', 'slow 0']],
  ['all of a file whose specs share an instance', [5], ['whole 0', 'whole 1', 'unknown 0']],
  ['all of a file that runs it between specs', [9], ['between 0', 'between 1', 'unknown 0']],
  [
    'whatever runs the plugin, when nothing is known of its place',
    null,
    ['whole 0', 'whole 1', 'between 0', 'between 1', 'special 0', 'unknown 0', 'slow 0', 'slow 1'],
  ],
])('a defect is looked for by %s', (_which, places, ids) => {
  const selected = new SpecSelection(coverage).select(mutants[0]!, places && new Set(places))

  expect(selected.flatMap(({ specs }) => specs.map(({ id }) => id))).toEqual(ids)
})

test('a file that has caught a defect in the same source comes first', () => {
  const selection = new SpecSelection(coverage)
  for (let time = 0; time < 20; time++) selection.caught(mutants[0]!, 'slow.test.ts')
  const [first] = selection.select(mutants[0]!, new Set([1]))

  expect(first?.file).toBe('specs/plugin/slow.test.ts')
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
    coveredBy: ['1', '2'],
    killedBy: ['2'],
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
