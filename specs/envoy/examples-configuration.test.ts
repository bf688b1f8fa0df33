import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { ENVOY_VERSION, envoyImage, NODE_IMAGE } from '#sandbox/images/pins.ts'
import { wording, type Finding } from '#sandbox/validate/finding.ts'
import { validateFiles } from '#sandbox/validate/validate-files.ts'
import { mutate, type Mutation } from '#specs/support/mutate.ts'

const EXAMPLES = new URL('../../examples/envoy/', import.meta.url)
const FILE = 'envoy.yaml'
const example = await readFile(new URL(FILE, EXAMPLES), 'utf8')
const PLACEHOLDER = '<YOUR APPLICATION ID HERE>'

/** What is said of the example with a mistake in it, and an application id. */
async function judge(text: string): Promise<Finding[]> {
  const filled = text.replace(PLACEHOLDER, 'an-application-id')
  return (await validateFiles([{ file: FILE, text: filled }], BUILT_PLUGIN)).findings
}

test('there is nothing to say about the example with an application id', async () => {
  expect(await judge(example)).toEqual([])
})

test('the placeholder of the example is named as one', async () => {
  const { findings } = await validateFiles([{ file: FILE, text: example }], BUILT_PLUGIN)

  const line = example.split('\n').findIndex((text) => text.includes(PLACEHOLDER)) + 1
  expect(findings).toEqual([
    expect.objectContaining({
      message: 'option "moesif_application_id" is still the placeholder',
      place: expect.objectContaining({ line }),
    }),
  ])
})

test.each([
  mistake(
    'another cluster name',
    'name: moesif_api\n      type',
    'name: moesif\n      type',
    /cluster "moesif_api", which does not exist/,
  ),
  mistake(
    'another upstream',
    '"upstream": "moesif_api"',
    '"upstream": "moesif"',
    /cluster "moesif", which does not exist/,
  ),
  mistake('no SNI', '          sni: api.moesif.net\n', '', /sni is missing/),
  mistake('another SNI', 'sni: api.moesif.net', 'sni: moesif.net', /sni is moesif.net/),
  mistake(
    'no certificate authority',
    '              trusted_ca:\n                filename: /etc/ssl/certs/ca-certificates.crt\n',
    '',
    /any certificate would be accepted/,
  ),
  mistake(
    'no name to check',
    'exact: api.moesif.net',
    'exact: moesif.net',
    /any other name would be accepted/,
  ),
  mistake('no TLS', 'tls.v3.UpstreamTlsContext', 'tls.v3.DownstreamTlsContext', /speaks no TLS/),
  mistake(
    'another host to speak to',
    '"upstream": "moesif_api"',
    '"base_uri": "https://collector.example.com"',
    /expected collector.example.com/,
  ),
  mistake('no fail_open', 'fail_open: true', 'failure_policy: FAIL_OPEN', /Set fail_open: true/),
  mistake('fail_open off', 'fail_open: true', 'fail_open: false', /Set fail_open: true/),
  mistake('an option name', '"user_id_header"', '"user_header"', /Did you mean "user_id_header"\?/),
  mistake(
    'another option name',
    '"response_header_masks"',
    '"response_header_mask"',
    /Did you mean "response_header_masks"\?/,
  ),
  mistake(
    'no application id',
    '"moesif_application_id"',
    '"application_id"',
    /"moesif_application_id" is missing/,
  ),
  mistake(
    'an empty application id',
    '"<YOUR APPLICATION ID HERE>"',
    '""',
    /"moesif_application_id" is missing/,
  ),
  mistake(
    'broken JSON',
    '"response_header_masks": ["set-cookie"]',
    '"response_header_masks": ["set-cookie"],',
    /is not JSON/,
  ),
  mistake(
    'options as a Struct',
    'google.protobuf.StringValue',
    'google.protobuf.Struct',
    /must be a .*StringValue/,
  ),
  mistake(
    'another kind of filter',
    'envoy.extensions.filters.http.wasm.v3.Wasm',
    'envoy.extensions.filters.network.wasm.v3.Wasm',
    /no Wasm filter/,
  ),
  mistake(
    'no file',
    'filename: /etc/envoy/proxy-wasm-plugins',
    'path: /etc/envoy/proxy-wasm-plugins',
    /must name the .wasm file/,
  ),
  mistake(
    'no router',
    'envoy.filters.http.router\n',
    'envoy.filters.http.cors\n',
    /last HTTP filter must be/,
  ),
  mistake('broken YAML', "domains: ['*']", "domains: ['*'", /flow/i),
])('$name is found', async (mutation) => {
  const { text } = mutate(example, mutation)

  const messages = (await judge(text)).map(wording)

  expect(messages).toContainEqual(expect.stringMatching(mutation.says))
})

test('the line of a mistake is reported', async () => {
  const { text, line } = mutate(example, mistake('', 'sni: api.moesif.net', 'sni: other', /sni/))

  expect((await judge(text)).map(({ place }) => place.line)).toEqual([line])
})

test('the compose file uses the pinned images', async () => {
  const text = await readFile(new URL('docker-compose.yaml', EXAMPLES), 'utf8')
  const { services } = parse(text) as { services: Record<string, { image: string }> }

  expect(services['builder']?.image).toBe(NODE_IMAGE)
  expect(services['envoy']?.image).toBe(envoyImage(ENVOY_VERSION))
})

function mistake(name: string, from: string, to: string, says: RegExp): Mutation {
  return { name, file: FILE, from, to, says }
}
