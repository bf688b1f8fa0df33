import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { comparisonReport } from '#sandbox/conformance/reports/comparison.ts'
import { htmlReport } from '#sandbox/conformance/reports/html.ts'
import { jsonReport } from '#sandbox/conformance/reports/json.ts'
import { junitReport } from '#sandbox/conformance/reports/junit.ts'
import { terminalReport } from '#sandbox/conformance/reports/terminal.ts'
import type { Judgement } from '#sandbox/conformance/judge-filter.ts'
import type { Verdict } from '#sandbox/conformance/sentence.ts'
import { promise } from '#sandbox/conformance/sources.ts'

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
})

const event = { request: { uri: 'http://127.0.0.1:1/whole', time: '2026-01-01T00:00:00Z' } }
const other = { request: { uri: '/half', time: '2026-02-02T00:00:00Z' }, user_id: null }
const good = judgementOf('good.wasm', [verdict('whole', true, event), verdict('same', true, event)])
const bad = judgementOf('bad.wasm', [verdict('whole', false, other), verdict('same', true, event)])

test('the terminal shows a failure in full, and a line for each group', () => {
  const report = terminalReport(bad)

  expect(report).toContain('FAILED request: Sentence <whole>\n  expected  "/whole"\n')
  expect(report).toContain('  event     {"request":{"uri":"/half"')
  expect(report).toMatch(/docs\/events\.md#requesturi/)
  expect(report).toMatch(/^FAILED request +1\/2$/m)
  expect(report).not.toContain('Sentence <same>')
})

test('the comparison shows what holds for one only, and where the events differ', () => {
  const report = comparisonReport(good, bad)

  expect(report).toContain('1 of 2 sentences hold for one of the two only')
  expect(report).toContain('/request/uri: "http://127.0.0.1:1/whole" | "/half"')
  // Times differ in every run, and null is as good as absent.
  expect(report).not.toMatch(/\/request\/time|\/user_id/)
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

test('JUnit counts failures, JSON has both filters and what differs', () => {
  expect(junitReport(bad)).toMatch(/<testsuites tests="2" failures="1"/)
  expect(junitReport(bad)).toContain('expected &quot;/whole&quot;, seen &quot;/half&quot;')
  expect(JSON.parse(jsonReport(good, bad))).toMatchObject({
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
})

const countOf = (output: string): number => Number(/^(\d+) sentences$/m.exec(output)?.[1])
