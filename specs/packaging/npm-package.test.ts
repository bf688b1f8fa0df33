import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { isTooOld, OLDEST_NODE } from '#sandbox/mock/oldest-node.ts'
import { TheirProject } from './their-project.ts'

const run = promisify(execFile)
const MINUTES = 60_000
/** Syntax and names that came with Node 24, where no comment has them. */
const OF_NEWER_NODE =
  /^(?![ \t]*(?:\*|\/\/)).*?(?:\busing \w+ =|\bnew (?:Async)?DisposableStack\b|\b(?:RegExp\.escape|Error\.isError|Promise\.try|Math\.sumPrecise|Iterator\.concat|Uint8Array\.fromBase64|Uint8Array\.fromHex|Float16Array|URLPattern)\b)/m
let project: TheirProject

beforeAll(async () => {
  project = await TheirProject.create()
}, 5 * MINUTES)

afterAll(async () => await project[Symbol.asyncDispose]())

test('the mock, its client and its page work', async () => {
  await project.write(
    'mock.js',
    `
    import { startMockMoesif } from 'moesif-envoy/mock'
    import { MockMoesifClient, UnmetExpectation } from 'moesif-envoy/client'
    await using moesif = await startMockMoesif()
    await fetch(moesif.url + '/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'theirs' },
      body: JSON.stringify({ request: { time: new Date().toISOString(), uri: 'https://a.b/', verb: 'GET', headers: {} } }),
    })
    const client = new MockMoesifClient(moesif.url).application('theirs')
    const [event] = await client.awaitEvents({ where: 'verb:GET' })
    const error = await client.awaitEvents({ where: 'verb:PUT', timeout: 1 }).catch((reason) => reason)
    const page = await fetch(moesif.url).then((response) => response.text())
    const { info } = await fetch(moesif.url + '/_mock/openapi.json').then((response) => response.json())
    console.log(JSON.stringify([event.uri, error instanceof UnmetExpectation, /<html/.test(page), info.version]))
    `,
  )
  const stdout = await project.node('mock.js')

  expect(JSON.parse(stdout)).toEqual([
    'https://a.b/',
    true,
    true,
    expect.stringMatching(/^\d+\.\d+\.\d+/),
  ])
})

test('the command line works', async () => {
  const { stdout } = await run(
    path.join(project.directory, 'node_modules/.bin/mock-moesif'),
    ['--help'],
    {
      env: { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}` },
    },
  )

  expect(stdout).toContain('--port')
})

test('the command line says in a line that an older Node will not do', async () => {
  const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`
  const { code, stdout, stderr } = (await run(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(old)}`,
      'node_modules/.bin/mock-moesif',
    ],
    { cwd: project.directory },
  ).catch((error: unknown) => error)) as { code: number; stdout: string; stderr: string }

  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: 'mock-moesif needs Node 22.22 or later, this is 20.20.2.\n',
  })
  expect(packageJson.engines.node).toBe(`>=${OLDEST_NODE}`)
})

test.each([
  ['20.20.2', true],
  ['22.21.9', true],
  ['22.22.0', false],
  ['24.0.0', false],
])('whether Node %s is too old: %s', (version, expected) => {
  expect(isTooOld(version)).toBe(expected)
})

test('nothing of it needs a newer Node than the package says', async () => {
  const dist = path.join(project.directory, 'node_modules/moesif-envoy/dist')
  const files = (await readdir(dist, { recursive: true })).filter(
    (file) => file.endsWith('.js') && !file.startsWith('mock-moesif/dashboard/'),
  )
  const newer: string[] = []
  for (const file of files) {
    const code = await readFile(path.join(dist, file), 'utf8')
    const [found] = code.match(OF_NEWER_NODE) ?? []
    if (found) newer.push(`${file}: ${found}`)
  }

  expect(files.length).toBeGreaterThan(100)
  expect(newer).toEqual([])
})

test('the handlers and the matchers work in their own vitest', async () => {
  expect(await project.vitest()).toMatch(/Tests\s+1 passed/)
})

test('the emulator runs the plugin that comes with it, and Envoy is there as a container', async () => {
  await project.write(
    'envoy.js',
    `
    import { fileURLToPath } from 'node:url'
    import { Emulator, validateConfiguration } from 'moesif-envoy/emulator'
    import { EnvoyContainer, startEnvoy } from 'moesif-envoy/envoy'
    const wasm = fileURLToPath(import.meta.resolve('moesif-envoy/plugin.wasm'))
    const good = await validateConfiguration(wasm, '{"moesif_application_id":"x"}')
    const bad = await validateConfiguration(wasm, '{')
    const emulator = await Emulator.load(wasm)
    emulator.configure({ moesif_application_id: 'x' })
    const exchange = emulator.worker(0).exchange({ response: { status: 201 } })
    const container = new EnvoyContainer('envoyproxy/envoy:distroless-v1.40.0')
    console.log(JSON.stringify([good.capturing, bad.capturing, typeof container.start, typeof startEnvoy, exchange.response?.headers.text(':status')]))
    `,
  )
  const stdout = await project.node('envoy.js')

  expect(JSON.parse(stdout)).toEqual([true, false, 'function', 'function', '201'])
})

test('every entry has its types, which hold without skipLibCheck', async () => {
  await project.checkTypes()
})
