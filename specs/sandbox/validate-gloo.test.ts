import { expect, test } from 'vitest'
import { Page } from '#specs/support/page.ts'
import { judge } from './support/judge.ts'

const page = await Page.read('docs/install-gloo.md')
const GATEWAY = page
  .block('gloo-gateway')
  .replace('<YOUR APPLICATION ID HERE>', 'an-application-id')
const UPSTREAM = page.block('gloo-upstream')

test('there is nothing to say about the manifests of the page', async () => {
  expect(await judge({ 'a.yaml': GATEWAY, 'b.yaml': UPSTREAM })).toMatchObject({
    role: 'plugin',
    lines: [],
  })
})

test.each([
  ['no failOpen', 'failOpen: true', 'failOpen: false', /set failOpen: true/],
  ['no module', 'filePath:', 'file:', /neither image nor filePath/],
  ['a Struct', 'protobuf.StringValue', 'protobuf.Struct', /config must be a .*StringValue/],
  ['an option of a wrong type', '["set-cookie"]', '5', /"response_header_masks" is 5/],
  ['another upstream', 'moesif_gloo-system"', 'moesif"', /expected .*moesif_gloo-system/],
  ['no SNI', 'sni: api.moesif.net', 'other: 1', /sni is missing, expected api\.moesif\.net/],
  ['no authority', 'sslFiles:', 'files:', /any certificate would be accepted/],
  ['no name to check', 'verifySubjectAltName: [api', 'verifySubjectAltName: [x', /any other name/],
])('%s is an error, in its line', async (_name, from, to, expected) => {
  const texts = { 'a.yaml': GATEWAY, 'b.yaml': UPSTREAM }
  const file = GATEWAY.includes(from) ? 'a.yaml' : 'b.yaml'
  expect(texts[file]).toContain(from)

  const { lines } = await judge({ ...texts, [file]: texts[file].replace(from, to) })

  expect(lines).toEqual([expect.stringMatching(expected)])
  expect(lines[0]).toMatch(new RegExp(`^${file}:\\d+:\\d+: error: `))
})
