import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

/** One place of an exchange that holds a secret, and the options that keep it in. */
export interface Canary {
  place: string
  options: Record<string, unknown>
  request?: CanaryMessage & { path?: string }
  response?: CanaryMessage
}

interface CanaryMessage {
  headers?: Record<string, string>
  body?: string | Uint8Array
  trailers?: Record<string, string>
}

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

const post = (type: string, body: string | Uint8Array, headers: Record<string, string> = {}) => ({
  request: { headers: { 'content-type': type, ...headers }, body },
})
const answer = (type: string, body: string | Uint8Array, headers: Record<string, string> = {}) => ({
  response: { headers: { 'content-type': type, ...headers }, body },
})
const nested = (depth: number, inner: string) => '{"a":['.repeat(depth) + inner + ']}'.repeat(depth)
const base64url = (text: string) => Buffer.from(text).toString('base64url')

const HEADERS = { request_header_masks: ['x-secret'], response_header_masks: ['x-secret'] }
const QUERY = { request_query_masks: ['token'] }
const BODY = { request_body_masks: ['secret', '$.card.number'] }
const ANSWER = { response_body_masks: ['secret', '$.items[*].ssn'] }
const TOKEN = {
  request_header_masks: ['authorization'],
  session_token_sources: ['sha256(jwt:authorization:jti)'],
}

const ofBody = (place: string, ...message: Parameters<typeof post>): Canary => ({
  place,
  options: BODY,
  ...post(...message),
})

/** A corpus of exchanges with `secret` in every place that an option is about. It is made of letters and digits. */
export function canaries(secret: string): Canary[] {
  const member = JSON.stringify({ a: 1, secret })
  const bearer = `Bearer e30.${base64url(JSON.stringify({ jti: secret, sub: 'u1' }))}.${secret}`
  return [
    { place: 'a request header', options: HEADERS, request: { headers: { 'x-secret': secret } } },
    { place: 'a response header', options: HEADERS, response: { headers: { 'x-secret': secret } } },
    {
      place: 'headers of a pattern',
      options: { request_header_masks: ['x-internal-*'] },
      request: { headers: { 'x-internal-key': secret, 'x-internal-id': secret } },
    },
    {
      place: 'a header that is not allowed',
      options: { request_header_allow: ['content-type', 'x-marker'] },
      request: { headers: { 'x-anything': secret } },
    },
    {
      place: 'a response header that is not allowed',
      options: { response_header_allow: ['content-type'] },
      response: { headers: { 'x-anything': secret } },
    },
    {
      place: 'one cookie',
      options: { request_header_masks: ['cookie:sid'] },
      request: { headers: { cookie: `a=1; SID=${secret}; b="${'x'}"; sid="${secret};"` } },
    },
    {
      place: 'a cookie of headers that a proxy joined',
      options: { request_header_masks: ['cookie:sid'] },
      request: {
        headers: {
          cookie: `a=1, sid=${secret},${secret}; b="x; sid=${secret}; c"; sid = ${secret}`,
        },
      },
    },
    {
      place: 'a cookie that is set, of headers that a proxy joined',
      options: { response_header_masks: ['set-cookie:sid'] },
      response: {
        headers: {
          'set-cookie': `a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT, SID="${secret};${secret}"; Path=/`,
        },
      },
    },
    {
      place: 'a cookie that is set',
      options: { response_header_masks: ['set-cookie:sid'] },
      response: { headers: { 'set-cookie': `sid=${secret}; Path=/` } },
    },
    {
      place: 'the query',
      options: QUERY,
      request: {
        path: `/p?a=1&token=${secret}&TOKEN=${secret}&t%6Fken=${secret};x&user[token]=${secret}`,
      },
    },
    {
      place: 'a parameter with other separators, blanks and brackets',
      options: QUERY,
      request: {
        path: `/p?a=1;token=${secret}&+token=${secret}&token%5B%5D=${secret}&a=/?token=${secret}`,
      },
    },
    {
      place: 'a parameter of the path',
      options: QUERY,
      request: { path: `/p;token=${secret}/q;a=1;TOKEN=${secret}?b=1` },
    },
    {
      place: 'any header with a URI',
      options: QUERY,
      request: {
        headers: {
          'x-forwarded-url': `https://a.b/;token=${secret}/?token=${secret}`,
          'x-note': `from /a?b=1&token=${secret}`,
        },
      },
      response: {
        headers: {
          link: `</n?token=${secret}>; rel="next"`,
          refresh: `0; url=/n?token=${secret}`,
          'content-location': `?token=${secret}`,
        },
      },
    },
    {
      place: 'referer',
      options: QUERY,
      request: { headers: { referer: `https://a.b/?token=${secret}` } },
    },
    {
      place: 'location',
      options: QUERY,
      response: { headers: { location: `/cb#state=1&token=${secret}` } },
    },
    { place: 'JSON', options: BODY, ...post(JSON_TYPE, member) },
    { place: 'JSON at depth 100', options: BODY, ...post(JSON_TYPE, nested(50, member)) },
    {
      place: 'JSON too deep to be masked',
      options: BODY,
      ...post(JSON_TYPE, nested(150, member)),
    },
    {
      place: 'a path of JSON',
      options: BODY,
      ...post(JSON_TYPE, JSON.stringify({ card: { number: [secret] }, number: 1 })),
    },
    {
      place: 'an array of an answer',
      options: ANSWER,
      ...answer(JSON_TYPE, JSON.stringify({ items: [{ ssn: secret }, [{ ssn: { x: secret } }]] })),
    },
    {
      place: 'a name with escapes',
      options: BODY,
      ...post(JSON_TYPE, `{"s\\u0065cret":"${secret}","SECRET":{"x":["${secret}"]}}`),
    },
    {
      place: 'members of one name',
      options: BODY,
      ...post(JSON_TYPE, `{"secret":"${secret}","a":1,"secret":{"secret":["${secret}"]}}`),
    },
    { place: 'truncated JSON', options: BODY, ...post(JSON_TYPE, member.slice(0, -1)) },
    { place: 'JSON of no type', options: BODY, ...post('', member) },
    { place: 'JSON of another type', options: BODY, ...post('text/plain', member) },
    {
      place: 'gzip JSON',
      options: ANSWER,
      ...answer(JSON_TYPE, gzipSync(member), { 'content-encoding': 'gzip' }),
    },
    {
      place: 'deflate JSON',
      options: BODY,
      ...post(JSON_TYPE, deflateSync(member), { 'content-encoding': 'deflate' }),
    },
    {
      place: 'gzip JSON cut off',
      options: BODY,
      ...post(JSON_TYPE, gzipSync(member).subarray(0, -9), { 'content-encoding': 'gzip' }),
    },
    {
      place: 'brotli JSON',
      options: BODY,
      ...post(JSON_TYPE, brotliCompressSync(member), { 'content-encoding': 'br' }),
    },
    {
      place: 'gzip JSON without decompression',
      options: { ...BODY, disable_body_decompression: true },
      ...post(JSON_TYPE, gzipSync(member), { 'content-encoding': 'gzip' }),
    },
    {
      place: 'variables of GraphQL',
      options: BODY,
      ...post(
        JSON_TYPE,
        JSON.stringify({ query: 'mutation($secret:ID){a}', variables: { secret } }),
      ),
    },
    ...[
      `mutation { login(name: "a", secret: "${secret}") }`,
      `mutation{login(input:{Secret\n:\t["${secret}"]})}`,
      `query($secret: [String!]! = ["${secret}"]) { a(secret: $secret) }`,
      `{ a(secret # the key\n: "${secret}") }`,
    ].map((query, index) =>
      ofBody(
        `an argument in the text of GraphQL, ${index + 1}`,
        JSON_TYPE,
        JSON.stringify(index % 2 ? [{ query }] : { query }),
      ),
    ),
    {
      place: 'GraphQL of its own type',
      options: BODY,
      ...post('application/graphql', `{ a(secret: "${secret}") }`),
    },
    {
      place: 'a form',
      options: BODY,
      ...post(FORM_TYPE, `a=1&s%65cret=${secret}&u[secret]=${secret}`),
    },
    {
      place: 'a form under a path',
      options: BODY,
      ...post(FORM_TYPE, `card[number]=${secret}&card.number=${secret}&number=${secret}`),
    },
    ...Object.entries({
      'a byte order mark': `\ufeffsecret=${secret}&a=1`,
      'blanks around its names': `a=1&+secret=${secret}&secret%20=${secret}`,
      'a # in its value': `secret=x#${secret}&a=1`,
      semicolons: `a=1;secret=${secret}`,
      'UTF-16': Buffer.from(`secret=${secret}`, 'utf16le'),
      'JSON in its place': ` ${member}`,
      'JSON cut off in its place': `[${member}`,
      'XML in its place': `<secret a="b">${secret}</secret>`,
      'a field a line': `a=1\r\nsecret\r\n=${secret}`,
      'parts in its place': `--b\r\nContent-Disposition: form-data; name="secret"\r\n\r\n${secret}\r\n--b--`,
      'nothing but text': `secret ${secret}`,
    }).map(([what, body]) => ofBody(`a form with ${what}`, FORM_TYPE, body)),
    ...Object.entries({
      br: brotliCompressSync(`secret=${secret}`),
      gzip: gzipSync(`secret=${secret}`).subarray(0, -9),
      deflate: deflateSync(gzipSync(`secret=${secret}`)),
      'gzip, gzip': gzipSync(gzipSync(`secret=${secret}`)),
    }).map(([encoding, body]) =>
      ofBody(`a form under ${encoding}`, FORM_TYPE, body, { 'content-encoding': encoding }),
    ),
    {
      place: 'gzip JSON without its header, compressed twice',
      options: BODY,
      ...post(JSON_TYPE, gzipSync(gzipSync(member))),
    },
    {
      place: 'JSON in UTF-16',
      options: BODY,
      ...post(`${JSON_TYPE}; charset=utf-16`, Buffer.from(member, 'utf16le')),
    },
    {
      place: 'a message of gRPC-Web',
      options: ANSWER,
      ...answer('application/grpc-web+json', Buffer.from(`\0\0\0\0\x40${member}`)),
    },
    {
      place: 'events of a server',
      options: ANSWER,
      ...answer('text/event-stream', `data: ${member}\n\n`),
    },
    {
      place: 'a document a line',
      options: BODY,
      ...post('application/x-ndjson', `{"a":1}\n${member}\n`),
    },
    {
      place: 'a document a line that is cut off',
      options: BODY,
      ...post('application/x-ndjson', `{"a":1}\n${member.slice(0, -1)}`),
    },
    {
      place: 'multipart',
      options: BODY,
      ...post(
        'multipart/form-data; boundary=b',
        `--b\r\nContent-Disposition: form-data; name="secret"\r\n\r\n${secret}\r\n--b--\r\n`,
      ),
    },
    { place: 'XML', options: ANSWER, ...answer('application/xml', `<secret>${secret}</secret>`) },
    {
      place: 'a type that is not captured',
      options: { capture_body_content_types: ['application/json'] },
      ...post('text/plain', secret),
    },
    {
      place: 'a request body',
      options: { disable_capture_request_body: true },
      ...post(JSON_TYPE, member),
    },
    {
      place: 'a response body',
      options: { disable_capture_response_body: true },
      ...answer(JSON_TYPE, member),
    },
    {
      place: 'a body that is too long',
      options: { request_max_body_size_limit: 10 },
      ...post(JSON_TYPE, member),
    },
    {
      place: 'an answer that is too long',
      options: { response_max_body_size_limit: 10 },
      ...answer(JSON_TYPE, member),
    },
    {
      place: 'a claim of a token',
      options: TOKEN,
      request: { headers: { authorization: bearer } },
    },
    {
      place: 'a password of basic authentication',
      options: {
        request_header_masks: ['authorization'],
        user_id_sources: ['basic:authorization'],
      },
      request: {
        headers: { authorization: `Basic ${Buffer.from(`ann:${secret}`).toString('base64')}` },
      },
    },
    {
      place: 'a request id',
      options: { request_header_masks: ['x-request-id'] },
      request: { headers: { 'x-request-id': secret } },
    },
    {
      place: 'a path that is skipped',
      options: {
        skip: [
          { conditions: [{ path: 'request.route', value: '^/reset/' }] },
          { conditions: [{ path: 'request.headers.x-none', value: 'x' }] },
        ],
      },
      request: { path: `/reset/${secret}` },
    },
    {
      place: 'trailers',
      options: {},
      request: {
        headers: { 'content-type': JSON_TYPE },
        body: '{}',
        trailers: { 'x-secret': secret },
      },
      response: { body: 'a', trailers: { 'x-secret': secret } },
    },
  ]
}
