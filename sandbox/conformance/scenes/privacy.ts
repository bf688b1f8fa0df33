import { ABSENT, that } from '../expectation.ts'
import { promise } from '../sources.ts'
import { exchangeScene } from './exchange-scene.ts'

const SECRETS = promise('privacy', 'Keep secrets out')
const MEMBERS = promise('privacy', 'Members of bodies')
const PARAMETERS = promise('privacy', 'Parameters')

const JSON_TYPE = ['content-type', 'application/json'] as const
const MASKED = '*****'

/** What must not leave under an option, and what must not be logged. */
export const privacy = exchangeScene({
  name: 'privacy',
  group: 'privacy',
  level: 'full',
  listeners: {
    masks: {
      options: {
        debug: true,
        request_header_masks: ['authorization', 'x-internal-*', 'cookie:session'],
        response_header_masks: ['x-secret', 'set-cookie:session'],
        request_query_masks: ['token'],
        request_body_masks: ['password', '$.card.number'],
        response_body_masks: ['access_token'],
      },
    },
    allow: {
      options: { request_header_allow: ['content-type'], response_header_allow: [] },
    },
    skip: {
      options: { skip: [{ conditions: [{ path: 'request.route', value: '^/skipped' }] }] },
    },
  },
  exchanges: [
    {
      name: 'with-secrets',
      request: {
        path: '?token=query-secret-text&page=2',
        headers: [
          JSON_TYPE,
          ['authorization', 'Bearer header-secret-text'],
          ['x-internal-trace', 'internal-secret-text'],
          ['cookie', 'theme=dark; session=cookie-secret-text'],
          ['referer', 'https://example.com/from?token=referer-secret-text&x=1'],
        ],
        body: JSON.stringify({
          user: 'ada',
          deep: [{ PASSWORD: 'body-secret-text' }],
          card: { number: 'card-secret-text', name: 'Ada' },
        }),
      },
      response: {
        headers: [
          JSON_TYPE,
          ['x-secret', 'answer-secret-text'],
          ['set-cookie', 'session=set-cookie-secret-text; Path=/'],
        ],
        body: '{"access_token":"token-secret-text","ok":true}',
      },
      sentences: [
        {
          id: 'mask-request-header',
          says: 'A header in request_header_masks is not in the event',
          source: SECRETS,
          look: ({ event }) => event.request.headers['authorization'],
          expected: ABSENT,
        },
        {
          id: 'mask-header-pattern',
          says: 'A pattern in request_header_masks masks every header that it fits',
          source: SECRETS,
          look: ({ event }) => event.request.headers['x-internal-trace'],
          expected: ABSENT,
        },
        {
          id: 'mask-cookie',
          says: 'cookie:NAME masks the value of that cookie and of no other',
          source: SECRETS,
          look: ({ event }) => event.request.headers['cookie'],
          expected: `theme=dark; session=${MASKED}`,
        },
        {
          id: 'mask-query',
          says: 'A parameter in request_query_masks has no value in request.uri, others keep theirs',
          source: PARAMETERS,
          look: ({ event }) => event.request.uri.split('?')[1],
          expected: `token=${MASKED}&page=2`,
        },
        {
          id: 'mask-query-in-headers',
          says: 'The parameter is masked in headers that carry URIs, too',
          source: PARAMETERS,
          look: ({ event }) => event.request.headers['referer'],
          expected: `https://example.com/from?token=${MASKED}&x=1`,
        },
        {
          id: 'mask-body-name',
          says: 'A name in request_body_masks masks members at any depth and in any case',
          source: MEMBERS,
          look: ({ event }) => event.request.body.deep,
          expected: [{ PASSWORD: MASKED }],
        },
        {
          id: 'mask-body-path',
          says: 'A path in request_body_masks masks that member alone',
          source: MEMBERS,
          look: ({ event }) => event.request.body.card,
          expected: { number: MASKED, name: 'Ada' },
        },
        {
          id: 'mask-response-header',
          says: 'A header in response_header_masks is not in the event',
          source: SECRETS,
          look: ({ event }) => event.response!.headers['x-secret'],
          expected: ABSENT,
        },
        {
          id: 'mask-set-cookie',
          says: 'set-cookie:NAME masks the value of a cookie that is set',
          source: SECRETS,
          look: ({ event }) => event.response?.headers['set-cookie'],
          expected: `session=${MASKED}; Path=/`,
        },
        {
          id: 'mask-response-body',
          says: 'A name in response_body_masks masks members of the response',
          source: MEMBERS,
          look: ({ event }) => event.response?.body,
          expected: { access_token: MASKED, ok: true },
        },
        {
          id: 'mask-nothing-left',
          says: 'Nothing that a mask names stands anywhere in the event',
          source: SECRETS,
          look: ({ raw }) => ({ left: [...(raw.match(/\w+-secret-text/g) ?? [])] }),
          expected: { left: [] },
        },
      ],
    },
    {
      name: 'not-maskable',
      listener: 'masks',
      request: { body: 'password: body-secret-text', headers: [['content-type', 'text/plain']] },
      sentences: [
        {
          id: 'mask-not-maskable',
          says: 'A body that cannot be masked is left out, and the event says why',
          source: MEMBERS,
          look: ({ event }) => event.request.body?.msg,
          expected: that('a text that says it cannot be masked', (value) =>
            /cannot be masked/.test(String(value)),
          ),
        },
      ],
    },
    {
      name: 'allowed-only',
      listener: 'allow',
      request: {
        headers: [
          ['content-type', 'text/plain'],
          ['x-other', 'left out'],
        ],
        body: 'a',
      },
      sentences: [
        {
          id: 'allow-headers',
          says: 'With request_header_allow and response_header_allow no other headers are in the event',
          source: SECRETS,
          look: ({ event }) => ({
            request: event.request.headers,
            response: event.response?.headers,
          }),
          expected: { request: { 'content-type': 'text/plain' }, response: {} },
        },
      ],
    },
    { name: 'not-this-one', listener: 'skip', sentences: [] },
    {
      name: 'skipped-by-route',
      listener: 'skip',
      eventless: true,
      sentences: [
        {
          id: 'skip-exchanges',
          says: 'An exchange that meets skip has no event, others have',
          source: SECRETS,
          look: ({ events, of }) => ({
            skipped: events.length > 0,
            other: of('not-this-one').events.length > 0,
          }),
          expected: { skipped: false, other: true },
        },
      ],
    },
  ],
})
