import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto'
import { request as httpsRequest } from 'node:https'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { envoyFile } from '#sandbox/envoy/options.ts'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import { CertificateAuthority, type Certificate } from '#specs/support/certificates.ts'
import { Gateway, type GatewayListenerOptions } from '#specs/support/gateway.ts'
import { Page } from '#specs/support/page.ts'

const page = await Page.read('docs/identity.md')

/** What the page says, at once, with the files it names where Envoy finds them. */
const optionsOf = (name: string) => ({
  batch_max_size: 1,
  ...(JSON.parse(page.block(name)) as Record<string, unknown>),
})
const configurationOf = (name: string) =>
  JSON.parse(
    JSON.stringify(page.yaml(name)).replaceAll(/\/etc\/envoy\/([\w.-]+)/g, (_, file: string) =>
      envoyFile(file),
    ),
  ) as EnvoyJson

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwks = {
  keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'RS256', kid: 'k' }],
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

function token(claims: object): string {
  const text = `${part({ alg: 'RS256', kid: 'k' })}.${part(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
}

const HTTP_FILTERS = 'type.googleapis.com/envoy.extensions.filters.http'

/** A service behind ext_authz would answer this; this filter writes to the same place. */
const metadataFromHeader: EnvoyJson = {
  name: 'envoy.filters.http.header_to_metadata',
  typed_config: {
    '@type': `${HTTP_FILTERS}.header_to_metadata.v3.Config`,
    request_rules: [
      {
        header: 'x-authenticated',
        on_header_present: { metadata_namespace: 'envoy.filters.http.ext_authz', key: 'user' },
      },
    ],
  },
}

const stateFromHeader: EnvoyJson = {
  name: 'envoy.filters.http.set_filter_state',
  typed_config: {
    '@type': `${HTTP_FILTERS}.set_filter_state.v3.Config`,
    on_request_headers: [
      {
        object_key: 'example.user',
        factory_key: 'envoy.string',
        format_string: {
          text_format_source: { inline_string: '%REQ(x-state)%' },
          omit_empty_values: true,
        },
        skip_if_empty: true,
      },
    ],
  },
}

const NUMBERS = {
  batch_max_size: 1,
  user_id_sources: ['metadata:envoy.filters.http.jwt_authn:payload.id'],
  company_id_sources: ['metadata:envoy.filters.http.jwt_authn:payload.roles[1]'],
  session_token_sources: ['metadata:envoy.filters.http.jwt_authn:payload.admin'],
  subscription_id_sources: ['metadata:envoy.filters.http.jwt_authn:payload.org'],
}

const jwtAuthn = configurationOf('jwt-authn-filter')

const LISTENERS = {
  jwt: { plugin: optionsOf('jwt') },
  'api-key': { plugin: optionsOf('api-key') },
  mtls: {
    plugin: optionsOf('mtls'),
    listener: { transportSocket: configurationOf('mtls-listener') },
  },
  'jwt-authn': { plugin: optionsOf('jwt-authn'), listener: { filtersBefore: [jwtAuthn] } },
  'jwt-authn-behind': { plugin: optionsOf('jwt-authn'), listener: { filtersAfter: [jwtAuthn] } },
  numbers: { plugin: NUMBERS, listener: { filtersBefore: [jwtAuthn] } },
  'other-filters': {
    plugin: optionsOf('other-filters'),
    listener: { filtersBefore: [metadataFromHeader, stateFromHeader] },
  },
} satisfies Record<string, GatewayListenerOptions>

let gateway: Gateway<keyof typeof LISTENERS>
let client: Certificate

beforeAll(async () => {
  const authority = await CertificateAuthority.create('clients')
  client = await authority.issue('URI:spiffe://example.com/ns/default/sa/caller')
  const server = await authority.issue('DNS:localhost')
  gateway = await Gateway.start<keyof typeof LISTENERS>({
    listeners: LISTENERS,
    envoy: {
      files: {
        'jwks.json': JSON.stringify(jwks),
        'server.pem': server.certificate,
        'server.key': server.key,
        'clients-ca.pem': authority.certificate,
      },
    },
  })
})
afterAll(async () => await gateway?.[Symbol.asyncDispose]())

async function identify(
  name: keyof typeof LISTENERS,
  headers: Record<string, string>,
  path = '/echo',
) {
  const { url, application } = gateway.listener(name)
  const marker = crypto.randomUUID()
  await (await fetch(`${url}${path}`, { headers: { ...headers, 'x-marker': marker } })).text()
  const [captured] = await application.awaitEvents({ where: `header.x-marker:${marker}` })
  return captured!.event
}

const bearer = (claims: object) => ({
  authorization: `Bearer ${token({ iss: 'https://issuer.example.com', ...claims })}`,
})

test('a token identifies user and company, and is not in the event', async () => {
  const headers = bearer({ sub: 'u1', 'https://example.com/tenant': 'c1' })

  const event = await identify('jwt', headers)

  expect([event.user_id, event.company_id]).toEqual(['u1', 'c1'])
  expect(JSON.stringify(event)).not.toContain(headers.authorization.slice(7, 60))
})

test('a key in a header or in the query identifies a session, and is not in the event', async () => {
  const hash = createHash('sha256').update('k3y').digest('hex')

  for (const event of [
    await identify('api-key', { 'x-api-key': 'k3y' }),
    await identify('api-key', {}, '/echo?api_key=k3y'),
  ]) {
    expect(event.session_token).toBe(hash)
    expect(JSON.stringify(event.request)).not.toContain('k3y')
  }
})

test('the certificate of a client identifies user and session', async () => {
  const { url, application } = gateway.listener('mtls')
  const { port } = new URL(url)
  await new Promise<void>((resolve, reject) => {
    const options = { port, path: '/echo', cert: client.certificate, key: client.key }
    httpsRequest({ ...options, rejectUnauthorized: false }, (response) =>
      response.resume().once('end', resolve),
    )
      .once('error', reject)
      .end()
  })

  const [captured] = await application.awaitEvents({ count: 1 })

  const fingerprint = new X509Certificate(client.certificate).fingerprint256
  expect(captured?.event).toMatchObject({
    user_id: 'spiffe://example.com/ns/default/sa/caller',
    session_token: fingerprint.replaceAll(':', '').toLowerCase(),
  })
})

test.each(['jwt-authn', 'jwt-authn-behind'] as const)(
  'what jwt_authn verified identifies user and company (%s)',
  async (name) => {
    const event = await identify(name, bearer({ sub: 'u1', org: { id: 'c1' } }))

    expect([event.user_id, event.company_id]).toEqual(['u1', 'c1'])
  },
)

test('a call that jwt_authn refuses has no user', async () => {
  const event = await identify('jwt-authn-behind', { authorization: 'Bearer a.b.c' })

  expect(event.response?.status).toBe(401)
  expect(event.user_id).toBeUndefined()
})

test('numbers, booleans and elements of a list are values, an object is none', async () => {
  const event = await identify(
    'numbers',
    bearer({ id: 1234567, roles: ['a', 'b'], admin: true, org: { id: 1 } }),
  )

  expect(event).toMatchObject({ user_id: '1234567', company_id: 'b', session_token: 'true' })
  expect(event.subscription_id).toBeUndefined()
})

test('metadata of other filters and filter state identify the user', async () => {
  const byMetadata = await identify('other-filters', { 'x-authenticated': 'm1', 'x-state': 's1' })
  const byState = await identify('other-filters', { 'x-state': 's1' })
  const nobody = await identify('other-filters', {})

  expect([byMetadata.user_id, byState.user_id, nobody.user_id]).toEqual(['m1', 's1', undefined])
})
