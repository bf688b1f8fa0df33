import { createHash } from 'node:crypto'
import { ABSENT } from '../expectation.ts'
import { EVENT, OFFICIAL_IDENTITY, promise } from '../sources.ts'
import { exchangeScene } from './exchange-scene.ts'

const SOURCES = promise('identity', 'Sources')
const KONG = promise('identity', "From Moesif's plugin for Kong")
const FIELDS = promise('events', 'Where each field comes from')

const HEADERS = { user_id_header: 'X-User-Id', company_id_header: 'X-Company-Id' }

const base64Url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
/** Nobody verifies it. */
const TOKEN = [
  base64Url({ alg: 'none' }),
  base64Url({ sub: 'jwt-user', org: { id: 'jwt-company' }, roles: ['admin'] }),
  'signature',
].join('.')
const bearer = ['authorization', `Bearer ${TOKEN}`] as const
const basic = [
  'authorization',
  `Basic ${Buffer.from('basic-user:secret').toString('base64')}`,
] as const

/** Who called. */
export const identity = exchangeScene({
  name: 'identity',
  group: 'identity',
  level: 'drop-in',
  listeners: {
    headers: { options: HEADERS },
    jwt: {
      options: {
        user_id_sources: ['jwt:authorization:sub'],
        company_id_sources: ['jwt:authorization:org.id'],
        session_token_sources: ['jwt:authorization:roles[0]'],
      },
    },
    sources: {
      options: {
        user_id_sources: ['cookie:user', 'basic:authorization', 'response_header:x-user'],
        company_id_sources: ['query:company', 'literal:unknown'],
        session_token_sources: ['sha256(header:x-api-key)'],
        subscription_id_sources: ['header:x-subscription'],
        api_version_sources: ['response_header:x-version'],
      },
    },
    masked: {
      options: {
        ...HEADERS,
        request_header_masks: ['x-user-id'],
      },
    },
    kong: { options: { authorization_user_id_field: 'sub' } },
    address: { options: { client_ip_sources: ['header:x-real-ip', 'peer'] } },
  },
  exchanges: [
    {
      name: 'known-user',
      request: {
        headers: [
          ['x-user-id', 'ada'],
          ['X-COMPANY-ID', 'acme'],
        ],
      },
      sentences: [
        {
          id: 'identity-user-header',
          says: 'user_id is the value of the request header that user_id_header names, in any case',
          source: OFFICIAL_IDENTITY,
          look: ({ event }) => event.user_id,
          expected: 'ada',
        },
        {
          id: 'identity-company-header',
          says: 'company_id is the value of the request header that company_id_header names',
          source: OFFICIAL_IDENTITY,
          look: ({ event }) => event.company_id,
          expected: 'acme',
        },
      ],
    },
    {
      name: 'unknown-user',
      sentences: [
        {
          id: 'identity-unknown',
          says: 'A request that does not say who calls has no user and no company',
          source: EVENT,
          look: ({ event }) => ({
            user_id: event.user_id ?? undefined,
            company_id: event.company_id ?? undefined,
          }),
          expected: { user_id: undefined, company_id: undefined },
        },
      ],
    },
    {
      name: 'blank-user',
      request: { headers: [['x-user-id', '   ']] },
      sentences: [
        {
          id: 'identity-blank',
          says: 'A header with blanks only gives no user',
          source: FIELDS,
          look: ({ event }) => event.user_id,
          expected: ABSENT,
        },
      ],
    },
    {
      name: 'repeated-user',
      request: {
        headers: [
          ['x-user-id', 'first'],
          ['x-user-id', 'second'],
        ],
      },
      sentences: [
        {
          id: 'identity-repeated',
          says: 'Of a header that is sent twice the first value is the user',
          source: FIELDS,
          look: ({ event }) => event.user_id,
          expected: 'first',
        },
      ],
    },
    {
      name: 'user-of-response',
      response: { headers: [['x-user-id', 'user-of-response']] },
      sentences: [
        {
          id: 'identity-response-header',
          says: 'The response header identifies the user where the request has none',
          source: FIELDS,
          look: ({ event }) => event.user_id,
          expected: 'user-of-response',
        },
      ],
    },
    {
      name: 'token',
      listener: 'jwt',
      request: { headers: [bearer] },
      sentences: [
        {
          id: 'identity-jwt-claim',
          level: 'full',
          says: 'A source jwt: reads a claim of the token',
          source: SOURCES,
          look: ({ event }) => event.user_id,
          expected: 'jwt-user',
        },
        {
          id: 'identity-jwt-path',
          level: 'full',
          says: 'The claim of a source jwt: may be a path through objects and lists',
          source: SOURCES,
          look: ({ event }) => ({
            company_id: event.company_id,
            session_token: event.session_token,
          }),
          expected: { company_id: 'jwt-company', session_token: 'admin' },
        },
      ],
    },
    {
      name: 'broken-token',
      listener: 'jwt',
      request: { headers: [['authorization', 'Bearer not.a.token']] },
      sentences: [
        {
          id: 'identity-jwt-broken',
          level: 'full',
          says: 'A token that cannot be read gives no user, and the event comes',
          source: SOURCES,
          look: ({ event }) => event.user_id,
          expected: ABSENT,
        },
      ],
    },
    {
      name: 'many-sources',
      listener: 'sources',
      request: {
        path: '?company=acme%20inc',
        headers: [
          ['cookie', 'a=1; user=cookie-user'],
          ['x-api-key', 'key-1'],
          ['x-subscription', 'sub-1'],
        ],
      },
      response: { headers: [['x-version', '7']] },
      sentences: [
        {
          id: 'identity-cookie',
          level: 'full',
          says: 'A source cookie: reads a cookie',
          source: SOURCES,
          look: ({ event }) => event.user_id,
          expected: 'cookie-user',
        },
        {
          id: 'identity-query',
          level: 'full',
          says: 'A source query: reads a parameter, decoded',
          source: SOURCES,
          look: ({ event }) => event.company_id,
          expected: 'acme inc',
        },
        {
          id: 'identity-hash',
          level: 'full',
          says: 'A source sha256(…) gives the hash instead of the value',
          source: SOURCES,
          look: ({ event }) => event.session_token,
          expected: createHash('sha256').update('key-1').digest('hex'),
        },
        {
          id: 'identity-subscription',
          level: 'full',
          says: 'subscription_id_sources gives the subscription',
          source: SOURCES,
          look: ({ event }) => event['subscription_id'],
          expected: 'sub-1',
        },
        {
          id: 'identity-api-version',
          level: 'full',
          says: 'api_version_sources gives the version of the API',
          source: SOURCES,
          look: ({ event }) => event.request.api_version,
          expected: '7',
        },
      ],
    },
    {
      name: 'next-source',
      listener: 'sources',
      request: { headers: [basic] },
      sentences: [
        {
          id: 'identity-basic',
          level: 'full',
          says: 'Where a source has no value the next one is read: basic: the user name',
          source: SOURCES,
          look: ({ event }) => event.user_id,
          expected: 'basic-user',
        },
        {
          id: 'identity-literal',
          level: 'full',
          says: 'A source literal: is a value for those that are not known otherwise',
          source: SOURCES,
          look: ({ event }) => event.company_id,
          expected: 'unknown',
        },
      ],
    },
    {
      name: 'masked-user',
      listener: 'masked',
      request: { headers: [['x-user-id', 'ada']] },
      sentences: [
        {
          id: 'identity-masked-header',
          level: 'full',
          says: 'A header that is masked still identifies the user, and is not in the event',
          source: promise('privacy', 'What masks do not hide'),
          look: ({ event }) => ({
            user_id: event.user_id,
            header: event.request.headers['x-user-id'] ?? undefined,
          }),
          expected: { user_id: 'ada', header: undefined },
        },
      ],
    },
    {
      name: 'kong-options',
      listener: 'kong',
      request: { headers: [bearer] },
      sentences: [
        {
          id: 'identity-kong-options',
          level: 'full',
          says: "authorization_user_id_field of Moesif's plugin for Kong reads the user from a claim",
          source: KONG,
          look: ({ event }) => event.user_id,
          expected: 'jwt-user',
        },
      ],
    },
    {
      name: 'address-source',
      listener: 'address',
      request: { headers: [['x-real-ip', '198.51.100.4']] },
      sentences: [
        {
          id: 'identity-address-source',
          level: 'full',
          says: 'client_ip_sources says which header has the address of the client',
          source: promise('events', 'request.ip_address'),
          look: ({ event }) => event.request.ip_address,
          expected: '198.51.100.4',
        },
      ],
    },
  ],
})
