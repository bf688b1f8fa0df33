import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'
import { comparableOutcome } from './support/comparable-outcome.ts'
import { everyCall } from './support/every-call.ts'
import { hostCases } from './support/host-cases.ts'
import { outcomeInEmulator } from './support/host-in-emulator.ts'
import { ScriptedEnvoy } from './support/host-in-envoy.ts'

let directory: string
let wasm: Uint8Array
let envoy: ScriptedEnvoy

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'moesif-scripted-filter-'))
  wasm = await compileFilter('sandbox/emulator/fixtures/scripted/filter.ts')
  const file = path.join(directory, 'scripted.wasm')
  await writeFile(file, wasm)
  envoy = await ScriptedEnvoy.start(inject('envoyRuntime'), file, hostCases)
})

afterAll(async () => {
  await envoy?.[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

test.for([...hostCases, ...everyCall])('the emulator and Envoy agree on $name', async (one) => {
  const measured = comparableOutcome(await envoy.play(one))
  const emulated = comparableOutcome(await outcomeInEmulator(wasm, one))

  expect(emulated).toEqual(measured)
})
