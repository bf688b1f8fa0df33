import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { judgeFilter, type Judgement } from '#sandbox/conformance/judge-filter.ts'
import { SCENES } from '#sandbox/conformance/scenes/index.ts'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'

const runtime = inject('envoyRuntime')
const directory = await mkdtemp(path.join(tmpdir(), 'conformance-'))
afterAll(async () => await rm(directory, { recursive: true, force: true }))

const holding = ({ verdicts }: Judgement, holds: boolean): string[] =>
  verdicts.filter(({ passed }) => passed === holds).map(({ id }) => id)

async function judgeFixture(name: string, scenes = SCENES): Promise<Judgement> {
  const file = path.join(directory, `${name}.wasm`)
  await writeFile(file, await compileFilter(`sandbox/conformance/fixtures/${name}.ts`))
  return await judgeFilter(file, { runtime, scenes, eventTimeoutMs: 1_000 })
}

test('every sentence holds for the own build', async () => {
  const judgement = await judgeFilter(BUILT_PLUGIN, { runtime })

  expect(holding(judgement, false)).toEqual([])
})

/** Without a filter all of this is true: that requests are answered, and that nothing is done wrong. */
const TRUE_WITHOUT_A_FILTER = [
  'batch-none-twice',
  'body-long-unharmed',
  'cost-module-size',
  'cost-no-buffering',
  'cost-streaming',
  'cost-streaming-request',
  'end-exit-code',
  'fault-no-host',
  'fault-traffic',
  'governance-off',
  'grpc-passes',
  'http3-passes',
  'log-no-application-id',
  'log-no-payload',
  'log-no-trap',
  'mistake-empty',
  'mistake-no-id',
  'mistake-no-json',
  'mistake-wrong-type',
  'robust-request-bytes',
  'robust-request-bytes-next',
  'trailers-pass',
  'update-traffic',
  'websocket-passes',
  'workers-none-twice',
]

test('for a filter that does nothing no sentence holds that needs one', async () => {
  expect(holding(await judgeFixture('empty'), true).toSorted()).toEqual(TRUE_WITHOUT_A_FILTER)
})

/** The filters of these have no `fail_open`: what a crash does is seen by the client. */
const TRUE_UNTIL_IT_TRAPS = new Set([
  'cost-no-buffering',
  'cost-streaming',
  'cost-streaming-request',
  'grpc-passes',
  'http3-passes',
  'log-no-trap',
  'robust-request-bytes',
  'robust-request-bytes-next',
  'trailers-pass',
  'websocket-passes',
])

test('a filter that traps fails what passes through one that does nothing', async () => {
  const holds = TRUE_WITHOUT_A_FILTER.filter((id) => !TRUE_UNTIL_IT_TRAPS.has(id))

  expect(holding(await judgeFixture('trapping'), true).toSorted()).toEqual(holds)
})

test('a filter that logs what it should not, and keeps bodies back, fails six sentences more than one that does not', async () => {
  const played = new Set(['robustness', 'protocols', 'privacy', 'logs'])
  const scenes = SCENES.filter(({ name }) => played.has(name))

  const failedElse = holding(await judgeFixture('sends-once', scenes), false)
  const failed = holding(await judgeFixture('careless', scenes), false)

  expect(failed.filter((id) => !failedElse.includes(id)).toSorted()).toEqual([
    'cost-no-buffering',
    'cost-streaming',
    'cost-streaming-request',
    'log-no-application-id',
    'log-no-payload',
    'websocket-passes',
  ])
})
