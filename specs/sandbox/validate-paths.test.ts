import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { findingLine } from '#sandbox/validate/finding.ts'
import { validatePaths } from '#sandbox/validate/validate-paths.ts'
import { Page } from '#specs/support/page.ts'
import { CliProcess } from '#specs/support/cli-process.ts'

const GOOD = '{"moesif_application_id":"a"}'
const BAD = '{"moesif_application_id":5}'

/** A folder of its own with these files, and how `validate` calls them. */
async function folder(files: Record<string, string | Uint8Array>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'validate-'))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true })
    await writeFile(join(path, name), content)
  }
  return path
}

async function judge(...paths: string[]): Promise<string[]> {
  const { findings } = await validatePaths(paths, BUILT_PLUGIN)
  return findings.map(findingLine)
}

test('each of several files and folders is judged', async () => {
  const path = await folder({ 'a.json': BAD, 'b/c.json': BAD, 'b/d.json': GOOD, 'b/e.txt': BAD })

  const lines = await judge(join(path, 'a.json'), join(path, 'b'), join(path, 'a.json'))

  expect(lines.map((line) => relative(path, line.split(':')[0] ?? ''))).toEqual([
    'a.json',
    'b/c.json',
  ])
})

test('a file that is binary or missing is reported and does not hide the rest', async () => {
  const path = await folder({
    'a.json': Buffer.from(`\ufeff${GOOD}`, 'utf16le'),
    'b.json': BAD,
    'c.json': `\ufeff${GOOD}`,
  })

  const lines = await judge(path, join(path, 'none.yaml'))

  expect(lines.map((line) => line.slice(path.length + 1))).toEqual([
    expect.stringMatching(/^a\.json:1:1: error: it is no text in UTF-8/),
    expect.stringMatching(/^none\.yaml:1:1: error: there is no such file/),
    expect.stringMatching(/^b\.json:1:26: error: option "moesif_application_id" is a number/),
  ])
})

test('manifests of several files are judged together', async () => {
  const examples = fileURLToPath(new URL('../../examples/istio', import.meta.url))

  const lines = await judge(examples)

  expect(lines.filter((line) => !line.includes('placeholder'))).toEqual([
    expect.stringMatching(
      /moesif-wasm-plugin\.yaml.*has the same name as the one at .*mock-moesif/,
    ),
    expect.stringMatching(/sidecar-inbound.*calls through the gateway are logged by/),
  ])
})

test('the command ends with 1 and a clear line when nothing captures', async () => {
  const path = await folder({
    'service.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\n',
    'options.json': GOOD,
  })
  const service = join(path, 'service.yaml')

  await using alone = new CliProcess(['validate', service])
  expect(await alone.exited).toBe(1)
  expect(alone.output).toBe(`${service}: there is no Moesif plugin in it, and no options for one\n`)

  await using both = new CliProcess(['validate', service, join(path, 'options.json')])
  expect(await both.exited).toBe(0)
  expect(both.output).toContain('the plugin captures with')
  expect(both.output).toMatch(
    /What leaves with the options of .*options\.json:1\n {2}exchanges +all\n {2}user +unknown\n/,
  )
})

test('in a folder, what is nobody of ours is passed over; named, it is judged', async () => {
  const path = await folder({
    'options.json': GOOD,
    'package.json': '{"name":"else"}',
    'Chart.yaml': 'name: chart\n',
    'templates/deployment.yaml': '{{- if .Values.on }}\nkind: Deployment\n{{- end }}\n',
    'envoy.yaml': 'static_resources: { listeners: [] }\n',
  })

  expect(await judge(path)).toEqual([])
  expect(await judge(path, join(path, 'Chart.yaml'), join(path, 'envoy.yaml'))).toEqual([
    expect.stringMatching(/Chart\.yaml:1:1: error: is neither plugin options/),
    expect.stringMatching(/envoy\.yaml:1:1: error: There is no Wasm filter of Moesif in it/),
  ])
})

test.each([
  ['docs/install-envoy.md', 'validate-the-envoy-example'],
  ['docs/install-istio.md', 'validate-the-istio-examples'],
])('%s: the command to validate finds the placeholder only', async (page, name) => {
  const command = (await Page.read(page))
    .block(name)
    .replace('npm run sandbox --', 'npm run -s sandbox --')

  const { stdout, code } = await shell(command)

  expect(code).toBe(1)
  expect(stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^\S+:\d+:\d+: error: .* is still the placeholder/),
  ])
})

test('an empty folder has nothing to judge', async () => {
  const { role, findings } = await validatePaths([await folder({})], BUILT_PLUGIN)

  expect({ role, findings }).toEqual({ role: 'none', findings: [] })
})

/** Runs a command of a page in the project's folder, as somebody would. */
async function shell(command: string): Promise<{ stdout: string; code: number }> {
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  return await new Promise((resolve) => {
    execFile('bash', ['-uc', command], { cwd }, (error, stdout) =>
      resolve({ stdout, code: Number(error?.code ?? 0) }),
    )
  })
}
