import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { judgeFilter } from '#sandbox/conformance/judge-filter.ts'
import { SCENES } from '#sandbox/conformance/scenes/index.ts'
import type { Verdict } from '#sandbox/conformance/sentence.ts'
import { EventTimeout } from '#sandbox/conformance/stage/event-timeout.ts'
import { evidenceOfAll, evidenceOfOne } from '#sandbox/conformance/stage/log-evidence.ts'
import type { Setting } from '#sandbox/conformance/stage/setting.ts'
import type { Runtime } from '#sandbox/envoy/runtime.ts'

const directory = await mkdtemp(path.join(tmpdir(), 'conformance-'))
afterAll(async () => await rm(directory, { recursive: true, force: true }))

/** Nobody loads it. */
const filter = path.join(directory, 'filter.wasm')
await writeFile(filter, '')

const at = (ms: number, rest: string): string => `[2026-11-26 05:12:16.${ms}][187${ms % 10}]${rest}`
const FAILED =
  '[error][wasm] [wasm_vm.cc:38] Function: proxy_on_request_headers failed: unreachable'
const said = (vm: string, text: string): string =>
  `[error][wasm] [context.cc:1157] wasm log moesif moesif_root ${vm}: ${text}`

test('lines that name no filter are not taken for those of the case, and each is there once', () => {
  const log = [
    at(101, said('vm-one', 'mine')),
    at(102, FAILED),
    at(103, said('vm-two', 'of another')),
    at(104, FAILED),
  ]

  expect(evidenceOfOne(log, 'vm-one', ['vm-one', 'vm-two'])).toEqual({
    log: [said('vm-one', 'mine')],
    envoyLog: [`2 times ${FAILED}`],
  })
})

test('a listener alone in its Envoy has all lines of its log', () => {
  const log = [at(101, said('vm-one', 'mine')), at(102, FAILED), at(103, '[info][main] ready')]

  expect(evidenceOfOne(log, 'vm-one', ['vm-one'])).toEqual({
    log: [said('vm-one', 'mine'), FAILED],
  })
})

test('lines of a VM that two listeners share are sure to be of neither', () => {
  const log = [at(101, said('shared', 'either')), at(102, said('vm-other', 'of another'))]

  expect(evidenceOfOne(log, 'shared', ['shared', 'shared', 'vm-other'])).toEqual({
    envoyLog: [said('shared', 'either')],
  })
})

test('what a filter says is not displaced by the errors that follow it', () => {
  const errors = Array.from({ length: 9 }, (_, index) => at(200, `[error][wasm] number ${index}`))

  expect(evidenceOfAll([at(101, said('vm-one', 'why')), ...errors]).log).toContain(
    said('vm-one', 'why'),
  )
})

test('where Envoy refuses the filter its own lines are the evidence of every sentence', async () => {
  const binary = path.join(directory, 'refusing-envoy')
  const lines = [
    at(101, said('vm-requests', 'Failed to read the options')),
    at(
      102,
      '[critical][main] [server.cc:421] error `Unable to create Wasm plugin moesif` initializing config',
    ),
  ]
  await writeFile(binary, `#!/bin/sh\ncat >&2 <<'END'\n${lines.join('\n')}\nEND\nexit 1\n`, {
    mode: 0o755,
  })
  const local = '127.0.0.1'
  const runtime: Runtime = {
    name: 'process',
    binary,
    source: 'this spec',
    hostAddress: local,
    bindHost: local,
  }
  const scenes = SCENES.filter(({ name }) => name === 'requests' || name === 'zero batch size')

  const { verdicts } = await judgeFilter(filter, { runtime, scenes })

  expect(verdicts.length).toBeGreaterThan(20)
  for (const { seen, evidence } of verdicts) {
    expect(seen).toBe('Envoy refuses its configuration: Unable to create Wasm plugin moesif')
    expect(evidence?.log?.[0]).toContain('Failed to read the options')
  }
})

/** A value whose parts have no names. */
const UNNAMED = /^(true|false|null|-?[\d.]+|\[(?!\{|\]).*)$/

test('every sentence says in words or with names what it expects, also when nothing could be seen', async () => {
  await using mock = await startMockMoesif()
  const setting = {
    wasm: filter,
    level: 'full',
    runtime: { name: 'process' },
    mock,
    upstream: {},
    envoys: { start: async () => await Promise.reject(new Error('refused')) },
    eventTimeout: new EventTimeout(1),
    log: [],
    applicationIds: new Set(),
    lagMs: () => 0,
  } as unknown as Setting
  const verdicts: Verdict[] = []
  for (const scene of SCENES.filter(({ name }) => name !== 'logs'))
    verdicts.push(...(await scene.play(setting)))

  expect(verdicts.length).toBeGreaterThan(200)
  expect(verdicts.filter(({ expected }) => UNNAMED.test(expected))).toEqual([])
  expect(verdicts.filter(({ seen }) => seen !== 'refused').map(({ id }) => id)).toEqual([
    'cost-module-size',
  ])
})
