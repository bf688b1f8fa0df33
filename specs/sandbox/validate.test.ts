import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { composeEnvoyYaml } from '#sandbox/compose/envoy-yaml.ts'
import { checkOptions } from '#sandbox/cli/check-options.ts'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { optionsInFile } from '#sandbox/validate/options/options-source.ts'
import { judge } from './support/judge.ts'

test('options the plugin captures with get no remark', async () => {
  expect(await judge({ 'options.json': '{ "moesif_application_id": "a" }' })).toMatchObject({
    subjects: ['plugin options'],
    role: 'plugin',
    lines: [],
  })
})

test("the plugin's words stand at the option they are about", async () => {
  const text = '{\n  "moesif_application_id": "a",\n  "batch_max_size": "ten",\n  "colour": 1\n}'

  const { lines } = await judge({ 'options.json': text })

  expect(lines).toEqual([
    'options.json:3:21: error: option "batch_max_size" is "ten", expected a whole number from 1 to 1000.',
    'options.json:4:3: warning: option "colour" is not known and ignored.',
  ])
})

test('broken JSON is reported by line and column', async () => {
  const { lines } = await judge({ 'options.json': '{\n  "a": 1,\n}' })

  expect(lines).toEqual([
    expect.stringMatching(/^options\.json:3:1: error: the configuration is not JSON/),
  ])
})

test('a byte order mark in front of the options is no matter', async () => {
  const text = '\ufeff{ "moesif_application_id": "a",\n "debug": 1 }'

  const { lines } = await judge({ 'options.json': text })

  expect(lines).toEqual([expect.stringMatching(/^options\.json:2:11: error: option "debug" is 1/)])
})

test('a byte order mark within an Envoy configuration is none to npm start either', async () => {
  const source = optionsInFile('envoy.yaml', '\ufeff{"moesif_application_id":"a","debug":true}')

  await expect(
    checkOptions({ origin: '--envoy', ...source }, BUILT_PLUGIN, () => {}),
  ).resolves.toBeUndefined()
})

test('options inside an Envoy configuration are judged where they stand', async () => {
  const yaml = composeEnvoyYaml().replace('"batch_max_size": 10', '"batch_max_size": true')
  const line = yaml.split('\n').findIndex((text) => text.includes('batch_max_size')) + 1
  const column = (yaml.split('\n')[line - 1]?.indexOf('true') ?? 0) + 1

  const { subjects, lines } = await judge({ 'envoy.yaml': yaml })

  expect(subjects).toEqual(['Envoy configuration'])
  expect(lines).toContainEqual(
    expect.stringContaining(
      `envoy.yaml:${line}:${column}: error: option "batch_max_size" is true, expected`,
    ),
  )
})

test('a cluster that the filter names and nobody defines is an error', async () => {
  const yaml = composeEnvoyYaml().replace('name: moesif_api\n      type', 'name: other\n      type')
  expect(yaml).not.toBe(composeEnvoyYaml())

  const { lines } = await judge({ 'envoy.yaml': yaml })

  expect(lines.join('\n')).toContain('cluster "moesif_api"')
})

test('an unknown option is a warning, wherever it stands', async () => {
  const manifest = await plugin('pluginConfig:\n', 'pluginConfig:\n    colour: 1\n')
  const yaml = composeEnvoyYaml().replace('"batch_max_size"', '"colour": 1, "batch_max_size"')
  const json = '{"moesif_application_id":"a","colour":1}'

  const { lines } = await judge({ 'a.yaml': manifest, 'b.yaml': yaml, 'c.json': json })

  const unknown = lines.filter((line) => line.includes('"colour"'))
  expect(unknown.map((line) => line.split(':').slice(3).join(':'))).toEqual(
    Array.from({ length: 3 }, () => ' warning: option "colour" is not known and ignored.'),
  )
})

test('that capturing is off is an error, wherever the options stand', async () => {
  const manifest = await plugin('moesif_application_id:', 'other:')
  const yaml = composeEnvoyYaml().replace('"moesif_application_id"', '"other"')

  const { lines } = await judge({ 'a.yaml': manifest, 'b.yaml': yaml, 'c.json': '{}' })

  const missing = lines.filter((line) => line.includes('"moesif_application_id" is missing'))
  expect(missing.map((line) => line[0])).toEqual(['a', 'b', 'c'])
})

test('a plugin among Istio manifests is judged by its pluginConfig', async () => {
  const manifest = await plugin('pluginConfig:\n', 'pluginConfig:\n    batch_max_wait: soon\n')
  const line = manifest.split('\n').findIndex((text) => text.includes('batch_max_wait: soon')) + 1
  expect(line).toBeGreaterThan(0)

  const { subjects, lines } = await judge({ 'plugin.yaml': manifest })

  expect(subjects).toEqual(['Istio manifests'])
  expect(lines).toContainEqual(
    expect.stringMatching(`^plugin.yaml:${line}:21: error: option "batch_max_wait" is "soon"`),
  )
})

test.each([
  ['foo.yaml', 'foo: bar', /neither plugin options .* nor an Envoy configuration/],
  ['empty.yaml', '', /neither plugin options/],
  ['list.yaml', '- 1', /neither plugin options/],
  ['cyclic.yaml', 'static_resources: &a\n  listeners: *a', /:2:14: error: this alias refers to/],
  ['deep.yaml', `a: ${'['.repeat(3000)}`, /nested too deeply/],
  ['bomb.yaml', bomb(), /cannot be read/],
  ['tab.yaml', 'a:\n\t- b', /:2:1: error: /],
])('%s gets one clear line', async (file, text, expected) => {
  const { lines } = await judge({ [file]: text })

  expect(lines).toEqual([expect.stringMatching(expected)])
  expect(lines.join('').length).toBeLessThan(300)
})

function bomb(): string {
  const levels = Array.from(
    { length: 9 },
    (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`,
  )
  return ['l0: &l0 [x, x]', ...levels].join('\n')
}

async function plugin(from: string, to: string): Promise<string> {
  const file = new URL('../../examples/istio/moesif-wasm-plugin.yaml', import.meta.url)
  const text = (await readFile(file, 'utf8')).replace('<YOUR MOESIF APPLICATION ID>', 'an-id')
  expect(text).toContain(from)
  return text.replace(from, to)
}
