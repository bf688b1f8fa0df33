import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { post, sampleEvent } from './sample.ts'

const cli = fileURLToPath(new URL('../../sandbox/mock/cli.ts', import.meta.url))
const run = (...args: string[]) => spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' })

test('serves until it is stopped', async () => {
  const mock = spawn(process.execPath, [
    cli,
    '--port',
    '0',
    '--app-id',
    'a',
    '--app-id',
    'b',
    '--max-events',
    '1',
  ])
  const [line] = (await once(mock.stdout, 'data')) as [Buffer]
  const url = /http:\S+/.exec(line.toString())![0]
  const statuses = []
  for (const app of ['a', 'b', 'c'])
    statuses.push((await post(`${url}/v1/events`, sampleEvent(), { app })).status)
  const counts = await fetch(`${url}/_mock/counts`).then((response) => response.json())
  mock.kill('SIGINT')
  const [code] = (await once(mock, 'exit')) as [number]

  expect(line.toString()).toBe(`Mock Moesif listens on ${url}\n`)
  expect(statuses).toEqual([201, 201, 401])
  expect(counts).toMatchObject({ events: 1, evicted: 1 })
  expect(code).toBe(0)
})

test('helps', () => {
  const { status, stdout } = run('--help')

  expect(status).toBe(0)
  for (const option of [
    '--port',
    '--host',
    '--db',
    '--max-events',
    '--max-bytes',
    '--app-id',
    '--allow-host',
    '--gateway-listener',
    '--gateway-admin',
    '--gateway-admin-from-mock',
  ])
    expect(stdout).toContain(option)
})

test('refuses what it does not understand, in one line', async () => {
  const refusals = [
    ['--port', 'http'],
    ['--max-events', '-1'],
    ['--gateway-listener', 'http://localhost:10000'],
    ['--tls-port', '9443'],
    ['extra'],
    ['--gateway-listener', 'localhost:10000', '--gateway-admin', 'http://localhost:9901'],
    ['--db', '/does/not/exist/x.db', '--port', '0'],
  ].map(async (args) => {
    const mock = spawn(process.execPath, [cli, ...args])
    const [errors, [status]] = await Promise.all([text(mock.stderr), once(mock, 'exit')])

    expect(status, args.join(' ')).toBe(1)
    expect(errors.trim().split('\n')).toHaveLength(1)
  })
  await Promise.all(refusals)
})

test('says what to do about a port that is taken', async () => {
  await using moesif = await startMockMoesif()
  const { status, stderr } = run('--port', String(moesif.port))

  expect(status).toBe(1)
  expect(stderr).toMatch(
    /Port \d+ is taken. Stop what listens there, or choose another with --port/,
  )
})
