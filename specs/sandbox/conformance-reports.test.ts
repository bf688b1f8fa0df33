import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { namesOf } from '#sandbox/conformance/compare-judgements.ts'
import { scenesToJudge } from '#sandbox/conformance/asked-scenes.ts'
import { checkReportFiles, writeReports } from '#sandbox/conformance/report-files.ts'
import { comparisonReport } from '#sandbox/conformance/reports/comparison.ts'
import { htmlReport } from '#sandbox/conformance/reports/html.ts'
import { jsonReport } from '#sandbox/conformance/reports/json.ts'
import { junitReport } from '#sandbox/conformance/reports/junit.ts'
import { terminalReport } from '#sandbox/conformance/reports/terminal.ts'
import type { Judgement } from '#sandbox/conformance/judge-filter.ts'
import type { Verdict } from '#sandbox/conformance/sentence.ts'
import { BATCH, promise } from '#sandbox/conformance/sources.ts'

const verdict = (id: string, passed: boolean, event: object): Verdict => ({
  id,
  group: 'request',
  level: 'drop-in',
  scene: 'requests',
  says: `Sentence <${id}>`,
  source: promise('events', 'request.uri'),
  passed,
  expected: '"/whole"',
  seen: passed ? '"/whole"' : '"/half"',
  evidence: { event },
})

const judgementOf = (wasm: string, verdicts: Verdict[]): Judgement => ({
  wasm: `/somewhere/${wasm}`,
  level: 'full',
  envoy: '1.40.0',
  startedAt: 0,
  durationMs: 1000,
  verdicts,
  unjudged: 0,
})

const event = { request: { uri: 'http://127.0.0.1:1/whole', time: '2026-01-01T00:00:00Z' } }
const other = { request: { uri: '/half', time: '2026-02-02T00:00:00Z' }, user_id: null }
const good = judgementOf('good.wasm', [verdict('whole', true, event), verdict('same', true, event)])
const bad = judgementOf('bad.wasm', [verdict('whole', false, other), verdict('same', true, event)])

test('the terminal shows a failure in full, and a line for each group', () => {
  const report = terminalReport(bad)

  expect(report).toContain('FAILED request: Sentence <whole>\n  expected  "/whole"\n')
  expect(report).toContain('  event     {"request":{"uri":"/half"')
  expect(report).toContain('  rule      this project, docs/events.md, request.uri\n')
  expect(report).toMatch(/^FAILED request +1\/2$/m)
  expect(report).not.toContain('Sentence <same>')
})

test('the comparison shows what holds for one only, and where the events differ', () => {
  const report = comparisonReport(good, bad)

  expect(report).toContain('1 of 2 sentences hold for one of the two only')
  expect(report).toContain('FAILED bad.wasm: "/half"\n')
  expect(report).toContain('/request/uri: "http://127.0.0.1:1/whole" | "/half"')
  // Times differ in every run, and null is as good as absent.
  expect(report).not.toMatch(/\/request\/time|\/user_id/)
})

test('filters whose files have one name are told apart by their folders', () => {
  const others = [
    { ...good, wasm: '/builds/old/filter.wasm' },
    { ...bad, wasm: '/builds/new/filter.wasm' },
  ] as const

  expect(namesOf(...others)).toEqual(['old/filter.wasm', 'new/filter.wasm'])
  expect(namesOf(others[0], others[0])).toEqual(['filter.wasm (first)', 'filter.wasm (second)'])
  expect(comparisonReport(...others)).toMatch(/^ +old\/filter\.wasm +new\/filter\.wasm *$/m)
})

const ofMoesif: Verdict = { ...verdict('batch', true, event), source: BATCH }
const mixed = judgementOf('mixed.wasm', [verdict('whole', false, other), ofMoesif])

test('reports count apart what rests on rules of Moesif and of this project', async () => {
  expect(terminalReport(mixed)).toMatch(/^ +1\/1 +Moesif's documentation/m)
  expect(terminalReport(mixed)).toMatch(/^ +0\/1 +what this project promises/m)
  expect(JSON.parse(await jsonReport(mixed)).counts.bySource).toEqual([
    { kind: 'Moesif', sentences: 1, passed: 1 },
    { kind: 'this project', sentences: 1, passed: 0 },
  ])
  expect(await junitReport(mixed)).toContain(
    '<property name="by rules of this project" value="0 of 1 hold"/>',
  )
  expect(await htmlReport(mixed)).toMatch(/what this project promises[^]*?<td>0 of 1<\/td>/)
})

test('rules of this project stand in JSON and JUnit, for readers who have no copy of it', async () => {
  const { rules } = JSON.parse(await jsonReport(mixed)) as {
    rules: { title: string; text: string }[]
  }

  expect(rules.map(({ title }) => title)).toEqual(['docs/events.md, request.uri'])
  expect(rules[0]!.text.length).toBeGreaterThan(20)
  expect(await junitReport(mixed)).toContain(rules[0]!.text.slice(0, 20))
})

test('lines that may be of another case are marked as such', async () => {
  const evidence = { log: ['of this one'], envoyLog: ['2 times Function: x failed'] }
  const unsure = judgementOf('unsure.wasm', [{ ...verdict('whole', false, {}), evidence }])

  expect(terminalReport(unsure)).toMatch(
    /log +of this one\n.*perhaps of another case:\n +envoy +2 times Function: x failed/,
  )
  expect(await htmlReport(unsure)).toMatch(/perhaps of another case<\/dt>[^]*2 times Function: x/)
})

test('the terminal says how many sentences an interruption left out', () => {
  expect(terminalReport({ ...good, unjudged: 7 })).toMatch(
    /2 of 2 .*interrupted: 7 were not judged$/,
  )
})

test('the HTML page needs nothing from elsewhere, and has the rules that it cites', async () => {
  const page = await htmlReport(bad, good)

  expect(page).not.toMatch(/<link|src=|@import|url\(/)
  expect(page).toContain('Sentence &lt;whole&gt;')
  expect(page).not.toContain('Sentence <whole>')
  const anchors = Array.from(page.matchAll(/href="#([^"]+)"/g), ([, anchor]) => anchor)
  expect(anchors.length).toBeGreaterThan(0)
  expect(anchors.filter((anchor) => !page.includes(`id="${anchor}"`))).toEqual([])
})

test('JUnit counts failures, JSON has both filters and what differs', async () => {
  const junit = await junitReport(bad)
  expect(junit).toMatch(/<testsuites tests="2" failures="1"/)
  expect(junit).toContain('expected &quot;/whole&quot;, seen &quot;/half&quot;')
  expect(JSON.parse(await jsonReport(good, bad))).toMatchObject({
    filter: 'good.wasm',
    counts: { sentences: 2, passed: 2, failed: 0 },
    compared: { filter: 'bad.wasm', counts: { failed: 1 } },
    different: [{ id: 'whole', passed: [true, false] }],
  })
})

const PROGRAM = fileURLToPath(new URL('../../sandbox/conformance/conformance.ts', import.meta.url))

async function conformance(...args: string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (child.exitCode === null) await once(child, 'exit')
  return { exitCode: child.exitCode, output, errors }
}

test.concurrent.each([
  [['--wasm', '/no/such.wasm'], /^--wasm \/no\/such\.wasm: there is no such file/],
  [['--wasm', PROGRAM], /^--wasm .* is not a WebAssembly module$/m],
  [['--level', 'half'], /Allowed choices are drop-in, full/],
  [['--scene', 'none'], /There are requests, /],
  [['--scene', 'module', '--level', 'drop-in'], /--scene module: no sentence is of level drop-in/],
])('%j is reported before anything starts, with exit code 2', async (args, message) => {
  const { exitCode, output, errors } = await conformance(...args)

  expect(exitCode).toBe(2)
  expect(output).toBe('')
  expect(errors).toMatch(message)
})

test.concurrent('--list prints the sentences of a level and judges nothing', async () => {
  const [all, some] = await Promise.all([
    conformance('--list'),
    conformance('--list', '--level', 'drop-in'),
  ])

  expect(all.exitCode).toBe(0)
  expect(countOf(all.output)).toBeGreaterThan(countOf(some.output))
  expect(countOf(some.output)).toBeGreaterThan(100)
  const requests = await conformance('--list', '--scene', 'requests')
  expect(requests.output.match(/scene (\w+)/g)).toEqual(
    Array<string>(countOf(requests.output)).fill('scene requests'),
  )
})

test('the scene that looks back at others does not judge alone', () => {
  expect(() => scenesToJudge({ level: 'full', scene: ['logs'] })).toThrow(
    '--scene logs: it looks back at what other scenes logged',
  )
  expect(scenesToJudge({ level: 'full', scene: ['logs', 'requests'] })).toHaveLength(2)
})

test.each([
  [{ json: '/no/such/report.json' }, /^--json .* cannot be written: there is no folder \/no\/such/],
  [{ html: tmpdir() }, /^--html .* cannot be written: it is a folder/],
  [{ html: 'one', json: './one' }, /^--html one is the file of --json, too/],
  [{ wasm: 'filter.wasm', junit: 'filter.wasm' }, /^--junit filter\.wasm is the file of --wasm/],
])('reports to %j are refused', async (given, message) => {
  await expect(checkReportFiles(given)).rejects.toThrow(message)
})

test('reports that can be written are written when another one cannot', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'conformance-'))
  const html = path.join(directory, 'report.html')

  const failures = await writeReports({ json: directory, html }, good)

  expect(failures).toEqual([expect.stringMatching(/^--json .* cannot be written: EISDIR/)])
  expect(await readFile(html, 'utf8')).toContain('Conformance of')
  await rm(directory, { recursive: true })
})

const countOf = (output: string): number => Number(/^(\d+) sentences$/m.exec(output)?.[1])
