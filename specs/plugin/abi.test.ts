import { expect, test } from 'vitest'
import { HeaderMap, lintModule, readWasmModule } from '#sandbox/emulated-plugin/index.ts'
import { pluginBytes } from './support/plugin-under-test.ts'

test('a Proxy-Wasm host of ABI 0.2.1 can load the module', async () => {
  expect(lintModule(await pluginBytes())).toEqual([])
})

test('the module has no start section', async () => {
  expect(readWasmModule(await pluginBytes()).hasStartSection).toBe(false)
})

test('the module is at most 128 KiB', async () => {
  expect((await pluginBytes()).length).toBeLessThanOrEqual(128 * 1024)
})

test('only callbacks that do something are exported, since each costs a crossing', async () => {
  const { exports } = readWasmModule(await pluginBytes())

  expect(exports.map(({ name }) => name).sort()).toEqual([
    '_initialize',
    'malloc',
    'memory',
    'proxy_abi_version_0_2_1',
    'proxy_on_configure',
    'proxy_on_context_create',
    'proxy_on_done',
    'proxy_on_http_call_response',
    'proxy_on_log',
    'proxy_on_request_body',
    'proxy_on_request_headers',
    'proxy_on_request_trailers',
    'proxy_on_response_body',
    'proxy_on_response_headers',
    'proxy_on_response_trailers',
    'proxy_on_tick',
  ])
})

const decoded = (bytes: Uint8Array) => HeaderMap.decode(bytes)?.toObject() ?? null

test('header pairs of which any length or terminator is wrong are none', () => {
  const bytes = Buffer.from(HeaderMap.from({ a: 'bc', d: '' }).encode())

  expect(decoded(bytes)).toEqual({ a: 'bc', d: '' })
  expect(decoded(bytes.subarray(0, -1))).toBeNull()
  expect(decoded(Buffer.concat([bytes, Buffer.alloc(1)]))).toBeNull()
  const wrong = [...bytes.keys()].filter((at) => {
    const changed = Buffer.from(bytes)
    changed[at] = changed[at]! ^ 1
    return !decoded(changed)
  })
  // All but the letters, which may be any others.
  const letters = new Set([...'abcd'].map((letter) => bytes.indexOf(letter, 20)))
  expect(wrong).toEqual([...bytes.keys()].filter((at) => !letters.has(at)))
})
