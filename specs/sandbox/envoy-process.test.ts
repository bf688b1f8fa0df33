import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive } from '#sandbox/envoy/run-directory.ts'
import { until } from '#sandbox/until.ts'

const startEnvoyProcess = new URL('../../sandbox/envoy/envoy-process.ts', import.meta.url)

test('a program that SIGTERM ends takes its Envoy along', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'envoy-process-'))
  const pidFile = join(directory, 'pid')
  // What it is does not matter: it is started, and would stay.
  const binary = join(directory, 'envoy')
  await writeFile(binary, `#!/bin/sh\necho $$ > '${pidFile}'\nexec sleep 60\n`)
  await chmod(binary, 0o755)
  const program = `
    const { startEnvoyProcess } = await import('${startEnvoyProcess}')
    await startEnvoyProcess({ upstream: { url: [] } }, { name: 'process', binary: '${binary}' })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
  const ended = once(child, 'exit')
  const pid = await until(
    async () => Number(await readFile(pidFile, 'utf8').catch(() => '')) || undefined,
    { what: 'Envoy was not started' },
  )

  child.kill('SIGTERM')

  expect(await ended).toEqual([null, 'SIGTERM'])
  await until(() => !isAlive(pid), { what: `Envoy (pid ${pid}) did not end` })
})
