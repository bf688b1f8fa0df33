import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive } from '#sandbox/envoy/run-directory.ts'
import { until } from '#sandbox/until.ts'
import { runVitest } from '#specs/support/vitest-process.ts'

const WAITS = 'setInterval(() => {}, 1000)'

test('a run that is stopped takes along what its specs have started', async () => {
  const root = await mkdtemp(join(tmpdir(), 'stopped-run-'))
  const pids = join(root, 'pids')
  await writeFile(join(root, 'vitest.config.mjs'), 'export default { test: { globals: true } }')
  await writeFile(
    join(root, 'waits.test.mjs'),
    `import { spawn } from 'node:child_process'
     import { writeFileSync } from 'node:fs'
     test('waits', async () => {
       const child = spawn(process.execPath, ['--eval', ${JSON.stringify(WAITS)}])
       writeFileSync(${JSON.stringify(pids)}, child.pid + ' ' + process.pid + ' ')
       await new Promise(() => ${WAITS})
     })`,
  )
  const stop = new AbortController()
  const config = join(root, 'vitest.config.mjs')
  const run = runVitest(['--root', root, '--config', config], {
    stdio: 'ignore',
    stop: stop.signal,
  })
  const written = await until(() => readFile(pids, 'utf8').catch(() => ''), {
    what: 'the spec did not start',
    timeoutMs: 60_000,
  })

  stop.abort()
  expect(await run).not.toBe(0)

  const started = written.trim().split(' ').map(Number)
  expect(started).toHaveLength(2)
  await until(() => !started.some(isAlive), { what: () => `some of ${written}goes on` })
})
