import { expect, test } from 'vitest'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'
import { Emulator, lintModule, readWasmModule, type Plugin } from '#sandbox/emulator/index.ts'

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
    'exports no proxy_abi_version_0_2_1 (or _0_2_0, _0_1_0): Envoy cannot determine its ABI',
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

const reactor = `${fixtures}/reactor/filter.ts`

test('starts a WASI reactor: top-level code, then main, then its environment and what files answer', async () => {
  const emulator = await Emulator.load(await compileFilter(reactor))
  emulator.configure('', { environment: { HOME: '/', LANG: 'C' } })

  expect(emulator.logs.messages()).toEqual([
    'top level',
    'main',
    'HOME=/ LANG=C ',
    '0 0 8 52 8 52 52 0 44 0 21',
    'to standard error',
  ])
  expect(emulator.logs.messages('error')).toEqual(['to standard error'])
})

test('runs a start section that leaves the host alone', async () => {
  const wasm = await compileFilter(`${fixtures}/scripted/filter.ts`, { startSection: true })
  const emulator = await Emulator.load(wasm)

  expect(readWasmModule(wasm).hasStartSection).toBe(true)
  expect(emulator.configure('-').accepted).toBe(true)
  expect(emulator.logs.messages()).toContain('configure 1')
})

test('refuses a start section that calls the host, which Envoy does not survive', async () => {
  const emulator = await Emulator.load(await compileFilter(reactor, { startSection: true }))
  const plugin = emulator.configure('')

  expect(plugin.accepted).toBe(false)
  expect(emulator.traps).toMatchObject([{ callback: 'start section' }])
  expect(emulator.logs.messages('error')).toEqual([
    expect.stringMatching(
      /can end with a segmentation fault here: a start section calls proxy_log.*_initialize/,
    ),
  ])
})

test('speaks ABI 0.1.0', async () => {
  const emulator = await Emulator.load(await compileFilter(`${fixtures}/abi-010/filter.ts`))
  emulator.configure('as of old')
  const exchange = emulator.worker(0).exchange()

  expect(emulator.logs.messages()).toEqual(['configuration as of old', 'headers 6, missing 0'])
  expect(exchange.isOver).toBe(true)
})

test('holds modules of several origins in one host', async () => {
  const emulator = await Emulator.load(probe)
  const other = await emulator.addModule(await compileFilter(`${fixtures}/abi-010/filter.ts`))
  const first = emulator.configure('', { pluginName: 'probe' })
  const second = emulator.configure('', { pluginName: 'other', module: other })
  emulator.logs.entries.length = 0
  emulator.worker(0).exchange({}, [first, second])

  expect(emulator.logs.messages().slice(0, 3)).toEqual([
    'create 2 of 1',
    'request_headers 6 1',
    'headers 6, missing 0',
  ])
})

test('traces callbacks with their host calls', async () => {
  const emulator = await Emulator.load(probe, { trace: true })
  emulator.configure('maps')
  emulator.trace.clear()
  emulator.worker(0).stream().requestHeaders({ ':path': '/' })

  const lines = String(emulator.trace).split('\n')
  expect(lines).toContain('worker 0: proxy_on_request_headers(2, 1, 0) = 0')
  expect(lines).toContain('  proxy_get_header_map_pairs(RequestHeaders) = Ok 1 headers')
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^ {2}proxy_get_header_map_value\(ResponseHeaders, ":status"\) = BadArgument$/,
    ),
  )
})

test('a trace of several plugins or modules names them', async () => {
  const emulator = await Emulator.load(probe, { trace: true })
  const other = { ...(await emulator.addModule(probe)), name: 'filters/other.wasm' }
  const first = emulator.configure('maps', { pluginName: 'first' })
  const second = emulator.configure('maps', { pluginName: 'second' })
  const third = emulator.configure('maps', { pluginName: 'second', vmId: 'other', module: other })
  const placesOf = (...chain: Plugin[]) => {
    emulator.trace.clear()
    emulator.worker(0).exchange({}, chain)
    const lines = String(emulator.trace).split('\n')
    return lines.flatMap((line) => /^(\S.*): proxy_on_request_headers/.exec(line)?.[1] ?? [])
  }

  expect(placesOf(first)).toEqual(['worker 0'])
  expect(placesOf(first, second)).toEqual(['worker 0, first', 'worker 0, second'])
  expect(placesOf(second, third)).toEqual(['worker 0, The module', 'worker 0, other.wasm'])
  expect(placesOf(first, third)).toEqual([
    'worker 0, first, The module',
    'worker 0, second, other.wasm',
  ])
})

test('names the plugin and the module in each line of the log', async () => {
  const emulator = await Emulator.load(probe)
  const other = { ...(await emulator.addModule(probe)), name: 'other.wasm' }
  const first = emulator.configure('maps', { pluginName: 'first' })
  const second = emulator.configure('maps', { pluginName: 'second', vmId: 'other', module: other })
  emulator.logs.entries.length = 0
  emulator.worker(0).exchange({}, [first, second])

  const places = emulator.logs.entries.map(({ plugin, module }) => `${plugin}, ${module}`)
  expect(new Set(places)).toEqual(new Set(['first, The module', 'second, other.wasm']))
})

test('names the last callback and host call of a trap', async () => {
  const emulator = await Emulator.load(probe)
  emulator.configure('trap:log', { pluginName: 'probe' })
  emulator.worker(0).exchange()

  expect(emulator.traps).toMatchObject([
    {
      thread: 'worker 0',
      plugin: 'probe',
      module: 'The module',
      callback: 'proxy_on_log',
      lastHostCall: 'proxy_log',
    },
  ])
})
