import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { judgeFilter, type Judgement } from '#sandbox/conformance/judge-filter.ts'
import { readRules } from '#sandbox/conformance/reports/rules.ts'
import { caseScene, type Case } from '#sandbox/conformance/scenes/case-scene.ts'
import { SCENES } from '#sandbox/conformance/scenes/index.ts'
import { GROUPS } from '#sandbox/conformance/sentence.ts'
import { OFFICIAL_OPTIONS } from '#sandbox/conformance/sources.ts'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'

const runtime = inject('envoyRuntime')
const directory = await mkdtemp(path.join(tmpdir(), 'conformance-'))
afterAll(async () => await rm(directory, { recursive: true, force: true }))

/** Judged in some scenes only. */
async function judge(wasm: string, names: string[], eventTimeoutMs?: number): Promise<Judgement> {
  const scenes = SCENES.filter(({ name }) => names.includes(name))
  expect(scenes.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
  return await judgeFilter(wasm, { runtime, scenes, ...(eventTimeoutMs && { eventTimeoutMs }) })
}

async function fixture(name: string): Promise<string> {
  const file = path.join(directory, `${name}.wasm`)
  await writeFile(file, await compileFilter(`sandbox/conformance/fixtures/${name}.ts`))
  return file
}

const failed = ({ verdicts }: Judgement): string[] =>
  verdicts.filter(({ passed }) => !passed).map(({ id }) => id)

/** Late events are waited for on a busy machine, too. */
const LATE_MS = 30_000

async function failedInBatches(name: string): Promise<string[]> {
  return failed(await judge(await fixture(name), ['batches'], LATE_MS))
}

test.concurrent('every sentence of the cheap scenes holds for the own build', async () => {
  const judgement = await judge(BUILT_PLUGIN, ['requests', 'protocols', 'privacy', 'logs'], LATE_MS)

  expect(judgement.verdicts.filter(({ passed }) => !passed)).toEqual([])
  expect(judgement.verdicts.length).toBeGreaterThan(50)
})

test.concurrent('a filter that does nothing fails every sentence about an event', async () => {
  const judgement = await judge(await fixture('empty'), ['requests', 'logs'], 2_000)

  const about = judgement.verdicts.filter(({ scene }) => scene === 'requests')
  expect(failed(judgement)).toEqual(about.map(({ id }) => id))
  expect(about[0]?.seen).toBe('No event of this exchange came')
})

test.concurrent(
  'a filter that traps fails whatever needs an answer or an event, and logs no secret',
  async () => {
    const judgement = await judge(await fixture('trapping'), ['robustness', 'logs'], 2_000)

    const holds = judgement.verdicts.filter(({ passed }) => passed).map(({ id }) => id)
    expect(holds.toSorted()).toEqual(['log-no-application-id', 'log-no-payload'])
    const answered = judgement.verdicts.find(({ id }) => id === 'robust-request-bytes')
    expect(answered).toMatchObject({ expected: '{ "status": 200 }', seen: '{ "status": 503 }' })
  },
)

test.concurrent(
  'a filter that sends twice, or late, fails those sentences that one does not which is else the same',
  async () => {
    const once = await failedInBatches('sends-once')
    const twice = await failedInBatches('sends-twice')
    const late = await failedInBatches('sends-late')

    const beyond = (ids: string[]) => ids.filter((id) => !once.includes(id))
    expect(beyond(twice)).toEqual(['batch-none-twice'])
    expect(beyond(late).toSorted()).toEqual(['batch-age', 'batch-default-wait'])
  },
)

test.concurrent('a case about time that fails is played once more, and no other case', async () => {
  const played = { timed: 0, other: 0 }
  const counted = (id: keyof typeof played): Case => ({
    timed: id === 'timed',
    play: async (listener) => {
      played[id]++
      return await listener.sendMany(id, 1)
    },
    sentences: [
      {
        id,
        says: 'It is played twice',
        source: OFFICIAL_OPTIONS,
        look: () => played[id],
        expected: 2,
      },
    ],
  })
  const cases = { timed: counted('timed'), other: counted('other') }
  const scene = caseScene({ name: 'counted', group: 'batching', level: 'drop-in', cases })

  const judgement = await judgeFilter(await fixture('sends-once'), { runtime, scenes: [scene] })

  expect(failed(judgement)).toEqual(['other'])
  expect(played).toEqual({ timed: 2, other: 1 })
})

test('every sentence has an id of its own, and every group has sentences', () => {
  const statements = SCENES.flatMap(({ statements: its }) => its)
  const ids = statements.map(({ id }) => id)

  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  expect(GROUPS.filter((group) => !statements.some((one) => one.group === group))).toEqual([])
})

test('every rule of this project that a sentence cites is there', async () => {
  const sources = SCENES.flatMap(({ statements }) => statements.map(({ source }) => source))

  const rules = await readRules(sources)

  expect(rules.filter(({ text }) => text === '')).toEqual([])
  expect(rules.length).toBeGreaterThan(15)
})
