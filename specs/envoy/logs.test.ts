import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import { Gateway } from '#specs/support/gateway.ts'
import { applicationIdsIn, violations } from '#specs/support/log-rules.ts'
import { LogViolation } from '#specs/support/watched-envoy.ts'

const SPECS = new URL('../', import.meta.url)

/** Ends an Envoy that logs this for each request, as a plugin that says too much would. */
async function endOfEnvoyThatLogs(format: string, applicationId = randomUUID()): Promise<unknown> {
  const gateway = await Gateway.start({
    listeners: {
      talkative: {
        plugin: { moesif_application_id: applicationId, batch_max_size: 1 },
        listener: { hcm: { access_log: [stdout(format)] } },
      },
    },
  })
  const { url } = gateway.listener('talkative')
  const headers = { authorization: 'Bearer token-of-a-user', 'x-user-id': 'user-1' }
  await (await fetch(`${url}/echo`, { headers })).text()
  await gateway.mock.application(applicationId).awaitEvents()
  await gateway.envoy.waitForLog('logged 200')
  return await gateway[Symbol.asyncDispose]().catch((error: unknown) => error)
}

test('an Envoy that logs what a user sent fails its spec', async () => {
  const error = await endOfEnvoyThatLogs('logged %RESPONSE_CODE% %REQ(AUTHORIZATION)%\n')

  expect(error).toBeInstanceOf(LogViolation)
  expect(String(error)).toMatch(/the payload "Bearer token-of-a-user" in "logged 200 Bearer/)
})

test('an Envoy that logs more of an application id than its end fails its spec', async () => {
  // A random id may have as many digits in a row, and digits alone prove nothing.
  const id = `0a1b2c3d-4e5f-4a6b-8c7d-${randomUUID()}` as const
  const error = await endOfEnvoyThatLogs(`logged %RESPONSE_CODE% ${id.slice(0, 12)}\n`, id)

  expect(error).toBeInstanceOf(LogViolation)
  expect(String(error)).toMatch(/a part of the application id/)
})

test('an Envoy that logs the last four characters of an application id does not', async () => {
  const id = randomUUID()

  expect(
    await endOfEnvoyThatLogs(`wasm log: logged %RESPONSE_CODE% ${id.slice(-4)}\n`, id),
  ).toBeUndefined()
})

test('the last five characters of an application id are one too many', () => {
  const rules = { applicationIds: ['0a1b2c3d-application-00e42'], payloads: [], debug: false }

  expect(violations(['[warning][wasm] wasm log: ends in 00e42'], rules)).toHaveLength(1)
  expect(violations(['[warning][wasm] wasm log: ends in 0e42'], rules)).toEqual([])
})

test('a line of the plugin below warning is a finding without debug: true', () => {
  const lines = ['[info][wasm] wasm log gateway: moesif: a batch was answered']
  const rules = { applicationIds: [], payloads: [] }

  expect(violations(lines, { ...rules, debug: false })).toHaveLength(1)
  expect(violations(lines, { ...rules, debug: true })).toEqual([])
})

test('application ids are found in options as an object and as a text', () => {
  const options = { moesif_application_id: 'id-of-an-object' }
  const text = { value: JSON.stringify({ moesif_application_id: 'id-of-a-text' }, null, 2) }

  expect(applicationIdsIn(JSON.stringify([options, text]))).toEqual([
    'id-of-an-object',
    'id-of-a-text',
  ])
})

test('every spec starts its Envoys where their logs are examined', async () => {
  const sources = (await readdir(SPECS, { recursive: true })).filter((file) => file.endsWith('.ts'))
  // Runs a filter of another kind, which logs all that it is shown.
  const others = ['envoy/support/host-in-envoy.ts']
  const starting = await Promise.all(
    sources.map(async (file) => {
      const text = await readFile(new URL(file, SPECS), 'utf8')
      const starts = /import \{[^}]*\b(startEnvoy|startIstioProxy)\b[^}]*\} from '#sandbox/.test(
        text,
      )
      return starts && !/\b(watched|violations)\b/.test(text) ? [file] : []
    }),
  )

  expect(sources).toContain('support/watched-envoy.ts')
  expect(starting.flat()).toEqual(others)
})

const stdout = (format: string): EnvoyJson => ({
  name: 'envoy.access_loggers.stdout',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog',
    log_format: { text_format_source: { inline_string: format } },
  },
})
