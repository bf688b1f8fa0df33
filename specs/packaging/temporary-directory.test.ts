import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { endLeftovers } from '#sandbox/envoy/leftovers.ts'
import { PID_FILE, PREFIX } from '#sandbox/envoy/run-directory.ts'
import { useOwnTemporaryDirectory } from '#specs/support/temporary-directory.ts'

test('a run of the specs leaves nothing in the temporary directory, and removes what a killed run left', async () => {
  const usual = await mkdtemp(join(tmpdir(), 'usual-'))
  vi.stubEnv('TMPDIR', usual)
  const { pid } = spawnSync(process.execPath, ['--eval', ''])
  await mkdir(join(usual, `moesif-specs-${pid}-killed`))
  await mkdir(join(usual, `moesif-specs-${process.ppid}-running`))
  await mkdir(join(usual, 'of-another-program'))

  const end = await useOwnTemporaryDirectory()
  await mkdtemp(join(tmpdir(), 'left-by-a-spec-'))
  expect((await readdir(usual)).length).toBe(3)
  await end()

  expect((await readdir(usual)).toSorted()).toEqual([
    `moesif-specs-${process.ppid}-running`,
    'of-another-program',
  ])
  expect(tmpdir()).toBe(usual)
  vi.unstubAllEnvs()
})

test('a run of the specs ends the Envoys of a killed one', async () => {
  vi.stubEnv('TMPDIR', await mkdtemp(join(tmpdir(), 'usual-')))
  const { pid } = spawnSync(process.execPath, ['--eval', ''])
  const directory = join(tmpdir(), `moesif-specs-${pid}-killed`, `${PREFIX}-${pid}-envoy`)
  await mkdir(directory, { recursive: true })
  const envoy = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)', directory])
  const ended = once(envoy, 'exit')
  await writeFile(join(directory, PID_FILE), String(envoy.pid))

  const end = await useOwnTemporaryDirectory()
  await end()

  expect(await ended).toEqual([null, 'SIGKILL'])
  expect(await readdir(tmpdir())).toEqual([])
  vi.unstubAllEnvs()
})

test('what another run has removed meanwhile is no failure', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'usual-'))

  await endLeftovers(() => {}, join(temporary, 'removed'))

  const file = join(temporary, 'no-folder')
  await writeFile(file, '')
  await expect(endLeftovers(() => {}, file)).rejects.toThrow(/ENOTDIR/)
})
