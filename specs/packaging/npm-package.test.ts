import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TheirProject } from './their-project.ts'

const run = promisify(execFile)
const MINUTES = 60_000
let project: TheirProject

beforeAll(async () => {
  project = await TheirProject.create()
}, 4 * MINUTES)

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
