import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { EXAMPLES, ISTIO_CASES, type IstioCaseName } from '#sandbox/istio/cases.ts'
import { istioCase } from '#sandbox/istio/fixture.ts'
import { wording, type Finding } from '#sandbox/validate/finding.ts'
import { validateFiles } from '#sandbox/validate/validate-files.ts'
import { mutate } from '#specs/support/mutate.ts'
import { MISTAKES } from './mistakes.ts'

const PLACEHOLDER = '<YOUR MOESIF APPLICATION ID>'

/** What is said of manifests that have an application id in them. */
async function judge(files: { file: string; text: string }[]): Promise<Finding[]> {
  const filled = files.map(({ file, text }) => ({ file, text: text.replace(PLACEHOLDER, 'an-id') }))
  return (await validateFiles(filled, BUILT_PLUGIN)).findings
}

test.each(ISTIO_CASES)('there is nothing to say about the manifests of $name', async ({ name }) => {
  expect(await judge(await manifests(name))).toEqual([])
})

test('each file alone has nothing wrong with it: what it refers to may be in another', async () => {
  const names = new Set<string>(ISTIO_CASES.flatMap(({ manifests: files }) => files))

  for (const file of names) {
    const text = await readFile(new URL(file, EXAMPLES), 'utf8')
    expect(await judge([{ file, text }]), file).toEqual([])
  }
})

test('the way to Moesif is judged without the plugin that will take it, too', async () => {
  const file = 'istio-moesif-outbound.yaml'
  const text = await readFile(new URL(file, EXAMPLES), 'utf8')

  const findings = await judge([{ file, text: text.replace('SIMPLE', 'DISABLE') }])

  expect(findings.map(wording)).toEqual([
    expect.stringContaining('mode is DISABLE, expected SIMPLE'),
  ])
})

test.each(MISTAKES)('$file: $name is found, in its line', async (mutation) => {
  const files = await manifests(mutation.in)
  const mutated = files.map((one) => {
    if (one.file !== mutation.file) return one
    return { ...one, text: mutate(one.text, mutation).text }
  })
  const line = mutate(files.find(({ file }) => file === mutation.file)?.text ?? '', mutation).line

  const findings = await judge(mutated)

  const found = findings.filter((finding) => mutation.says.test(wording(finding)))
  expect(found, JSON.stringify(findings)).not.toEqual([])
  if (mutation.inLine)
    expect(found.map(({ place }) => [place.file, place.line])).toContainEqual([mutation.file, line])
})

test('the gateway and a sidecar that both log what comes in are found', async () => {
  const both = new Map(
    [...(await manifests('gateway')), ...(await manifests('sidecar-inbound'))].map((one) => [
      one.file,
      one,
    ]),
  )

  const messages = (await judge([...both.values()])).map(({ message }) => message)

  expect(messages).toEqual([expect.stringContaining('are logged by moesif-plugin already')])
})

async function manifests(name: IstioCaseName): Promise<{ file: string; text: string }[]> {
  return await Promise.all(
    istioCase(name).manifests.map(async (file) => ({
      file,
      text: await readFile(new URL(file, EXAMPLES), 'utf8'),
    })),
  )
}
