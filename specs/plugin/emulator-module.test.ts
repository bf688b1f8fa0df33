import { expect, test } from 'vitest'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'
import { Emulator, lintModule, readWasmModule } from '#sandbox/emulator/index.ts'

const fixtures = 'sandbox/emulator/fixtures'
const probe = await compileFilter(`${fixtures}/probe.ts`)
const stray = await compileFilter(`${fixtures}/stray/filter.ts`)

test('lists imports and exports with their signatures', () => {
  const { imports, exports, hasStartSection } = readWasmModule(probe)

  expect(imports).toContainEqual({ module: 'env', name: 'proxy_log', type: 'iii:i' })
  expect(imports).toContainEqual({ module: 'env', name: 'proxy_record_metric', type: 'iI:i' })
  expect(exports).toContainEqual({ name: 'proxy_on_request_headers', type: 'iii:i' })
  expect(exports).toContainEqual({ name: 'memory', type: 'memory' })
  expect(hasStartSection).toBe(false)
})

test('finds nothing wrong with a module that Envoy loads', () => {
  expect(lintModule(probe)).toEqual([])
})

test('names every import and export that would keep Envoy from loading a module', () => {
  expect(lintModule(stray)).toEqual([
    'exports no proxy_abi_version_0_2_1 (or _0_2_0, _0_1_0): Envoy cannot tell its ABI',
    'imports env.seed (F:): no host has it',
    'imports env.proxy_done as (i:i): hosts have it as (:i)',
    'exports proxy_on_log as (ii:i): hosts expect (i:)',
  ])
})

test('refuses such a module in the same words', async () => {
  await expect(Emulator.load(stray)).rejects.toThrow(/can't be loaded .* imports env\.seed \(F:\)/)
})

test('refuses what is no WebAssembly, and what is cut short', async () => {
  await expect(Emulator.load(Buffer.from('#!/bin/sh'))).rejects.toThrow(/Not a WebAssembly module/)
  await expect(Emulator.load(probe.subarray(0, 100))).rejects.toThrow(/cut short/)
})
