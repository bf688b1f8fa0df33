import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { composeEnvoyYaml } from '#sandbox/compose/envoy-yaml.ts'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { validateText } from '#sandbox/validate/validate-text.ts'

const judge = async (file: string, text: string) => await validateText(file, text, BUILT_PLUGIN)

test('options the plugin captures with get no remark', async () => {
  expect(await judge('options.json', '{ "moesif_application_id": "a" }')).toEqual({
    subject: 'plugin options',
    remarks: [],
  })
})

test("the plugin's words stand on the line of the option they name", async () => {
  const text = '{\n  "moesif_application_id": "a",\n  "batch_max_size": "ten",\n  "colour": 1\n}'

  const { remarks } = await judge('options.json', text)

  expect(remarks).toContainEqual({
    severity: 'error',
    line: 3,
    message: expect.stringMatching(/"batch_max_size" is "ten", expected/) as string,
  })
  expect(remarks).toContainEqual({
    severity: 'warning',
    line: 4,
    message: expect.stringContaining('"colour"') as string,
  })
})

test('broken JSON is told by line and column', async () => {
  const { remarks } = await judge('options.json', '{\n  "a": 1,\n}')
  expect(remarks).toEqual([
    { severity: 'error', line: 3, message: expect.stringMatching(/^line 3, column 1: not JSON/) },
  ])
})

test('options inside an Envoy configuration are judged where they stand', async () => {
  const yaml = composeEnvoyYaml().replace('"batch_max_size": 10', '"batch_max_size": true')
  const line = yaml.split('\n').findIndex((text) => text.includes('batch_max_size')) + 1

  const { subject, remarks } = await judge('envoy.yaml', yaml)

  expect(subject).toBe('Envoy configuration')
  expect(remarks).toContainEqual({
    severity: 'error',
    line,
    message: expect.stringContaining('"batch_max_size" is true') as string,
  })
})

test('a cluster that the filter names and nobody defines is an error', async () => {
  const yaml = composeEnvoyYaml().replace('name: moesif_api\n      type', 'name: other\n      type')
  expect(yaml).not.toBe(composeEnvoyYaml())

  const { remarks } = await judge('envoy.yaml', yaml)

  expect(remarks.map(({ message }) => message).join('\n')).toContain('cluster "moesif_api"')
})

test('a plugin among Istio manifests is judged by its pluginConfig', async () => {
  const file = new URL('../../examples/istio/moesif-wasm-plugin.yaml', import.meta.url)
  const manifest = (await readFile(file, 'utf8')).replace(
    'pluginConfig:\n',
    'pluginConfig:\n    batch_max_wait: soon\n',
  )
  const line = manifest.split('\n').findIndex((text) => text.includes('batch_max_wait: soon')) + 1
  expect(line).toBeGreaterThan(0)

  const { subject, remarks } = await judge('plugin.yaml', manifest)

  expect(subject).toBe('Istio manifests')
  expect(
    remarks.some((remark) => remark.severity === 'error' && /batch_max_wait/.test(remark.message)),
  ).toBe(true)
})
