import { execFile } from 'node:child_process'
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const repository = path.resolve(import.meta.dirname, '../..')
const folder = await mkdtemp(path.join(tmpdir(), 'moesif-envoy-package-'))
const project = path.join(folder, 'project')
const MINUTES = 60_000

/** An empty project of somebody else, with the tarball installed and what is theirs to have: vitest and TypeScript. */
beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: repository,
  })
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string }]
  await mkdir(project)
  await writeFile(
    path.join(project, 'package.json'),
    '{ "name": "theirs", "private": true, "type": "module" }',
  )
  const install = [
    'install',
    '--prefer-offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    path.join(folder, filename),
  ]
  await run('npm', install, { cwd: project })
  for (const name of ['vitest', 'typescript'])
    await symlink(
      path.join(repository, 'node_modules', name),
      path.join(project, 'node_modules', name),
    )
}, 4 * MINUTES)

afterAll(() => rm(folder, { recursive: true, force: true }))

const node = (...args: string[]) => run(process.execPath, args, { cwd: project })

test('the mock, its client and its page work', async () => {
  await writeFile(
    path.join(project, 'mock.js'),
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
  const { stdout } = await node('mock.js')

  expect(JSON.parse(stdout)).toEqual([
    'https://a.b/',
    true,
    true,
    expect.stringMatching(/^\d+\.\d+\.\d+/),
  ])
})

test('the command line works', async () => {
  const { stdout } = await run(path.join(project, 'node_modules/.bin/mock-moesif'), ['--help'], {
    env: { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}` },
  })

  expect(stdout).toContain('--port')
})

test('the handlers and the matchers work in their own vitest', async () => {
  await writeFile(
    path.join(project, 'theirs.test.js'),
    `
    import { setupServer } from 'msw/node'
    import { expect, test } from 'vitest'
    import { moesifHandlers } from 'moesif-envoy/handlers'
    import 'moesif-envoy/matchers'
    test('theirs', async () => {
      await using moesif = moesifHandlers()
      const server = setupServer(...moesif)
      server.listen()
      const answer = await fetch('https://api.moesif.net/v1/events/batch', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'theirs' },
        body: '[]',
      })
      server.close()
      expect(answer.status).toBe(201)
      await expect(moesif.application('theirs')).toHaveNoEvents()
      await expect(expect(moesif.application('theirs')).toHaveEvents({ timeout: 1 })).rejects.toThrow(/No event of this/)
    })
    `,
  )
  const { stdout } = await run(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--root', project],
    { cwd: project, env: { ...process.env, NO_COLOR: '1' } },
  )

  expect(stdout).toMatch(/Tests\s+1 passed/)
})

test('the emulator runs the plugin that comes with it, and Envoy is there as a container', async () => {
  await writeFile(
    path.join(project, 'envoy.js'),
    `
    import { fileURLToPath } from 'node:url'
    import { validateConfiguration } from 'moesif-envoy/emulator'
    import { EnvoyContainer, startEnvoy } from 'moesif-envoy/envoy'
    const wasm = fileURLToPath(import.meta.resolve('moesif-envoy/plugin.wasm'))
    const good = await validateConfiguration(wasm, '{"moesif_application_id":"x"}')
    const bad = await validateConfiguration(wasm, '{')
    const container = new EnvoyContainer('envoyproxy/envoy:distroless-v1.40.0')
    console.log(JSON.stringify([good.capturing, bad.capturing, typeof container.start, typeof startEnvoy]))
    `,
  )
  const { stdout } = await node('envoy.js')

  expect(JSON.parse(stdout)).toEqual([true, false, 'function', 'function'])
})

test('every entry has its types', async () => {
  await writeFile(
    path.join(project, 'types.ts'),
    `
    import { startMockMoesif, type AwaitOptions, type FaultSpec } from 'moesif-envoy/mock'
    import { moesifHandlers } from 'moesif-envoy/handlers'
    import { MockMoesifClient } from 'moesif-envoy/client'
    import { moesifMatchers } from 'moesif-envoy/matchers'
    import { EnvoyContainer } from 'moesif-envoy/envoy'
    import { Emulator } from 'moesif-envoy/emulator'
    import { expect } from 'vitest'
    const options: AwaitOptions = { count: 1, where: 'user:u1' }
    const fault: FaultSpec = { status: 503 }
    export async function use(): Promise<string> {
      await using moesif = await startMockMoesif({ port: 0 })
      await moesif.application('a').faults.add(fault)
      await expect(moesif.application('a')).toHaveEvents(options)
      const [event] = await moesif.application('a').awaitEvents(options)
      // @ts-expect-error the URI is a text
      const wrong: number = event!.event.request.uri
      void [moesifHandlers().handlers, MockMoesifClient, moesifMatchers, EnvoyContainer, Emulator, wrong]
      return event!.event.request.uri
    }
    `,
  )
  const options =
    '--noEmit --strict --skipLibCheck --target es2024 --lib es2024,esnext.disposable,dom --module nodenext --types node'
  await node('node_modules/typescript/bin/tsc', ...options.split(' '), 'types.ts').catch(
    (error: { stdout: string }) => {
      throw new Error(error.stdout)
    },
  )
})
