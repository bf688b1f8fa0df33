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

/** Judged in the cheapest scenes. */
async function judge(wasm: string, ...names: string[]): Promise<Judgement> {
  const scenes = SCENES.filter(({ name }) => names.includes(name))
  return await judgeFilter(wasm, { runtime, scenes, patienceMs: 3_000 })
}

async function fixture(name: string): Promise<string> {
  const file = path.join(directory, `${name}.wasm`)
  await writeFile(file, await compileFilter(`sandbox/conformance/fixtures/${name}.ts`))
  return file
}

const failed = ({ verdicts }: Judgement): string[] =>
  verdicts.filter(({ passed }) => !passed).map(({ id }) => id)

test('every sentence about requests and identities holds for the own build', async () => {
  const judgement = await judge(BUILT_PLUGIN, 'requests', 'identity')

  expect(failed(judgement)).toEqual([])
  expect(judgement.verdicts.length).toBeGreaterThan(40)
})

test('a filter that does nothing fails every sentence about an event', async () => {
  const judgement = await judge(await fixture('empty'), 'requests')

  expect(failed(judgement)).toEqual(judgement.verdicts.map(({ id }) => id))
  expect(judgement.verdicts[0]?.seen).toBe('No event of this exchange came')
})

test('every sentence has an id of its own', () => {
  const ids = SCENES.flatMap(({ statements }) => statements.map(({ id }) => id))

  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})
