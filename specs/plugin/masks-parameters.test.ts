import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { MaskRoom } from './support/masks.ts'

let room: MaskRoom
beforeAll(async () => {
  room = await MaskRoom.open()
})

test('fields of a form are masked by name, decoded, in any case, wherever a part of it is the name', () => {
  const { form } = room.plugin.exports

  expect(room.mask(form, 'a=1&Pass%57ord=s+e%26&b=&password', ['password'])).toBe(
    'a=1&Pass%57ord=*****&b=&password',
  )
  expect(room.mask(form, 'user[password]=x&user.password=y&passwords=z', ['password'])).toBe(
    'user[password]=*****&user.password=*****&passwords=z',
  )
  expect(room.mask(form, 'card[number]=4111&name=x', ['$.card.number'])).toBe(
    'card[number]=*****&name=x',
  )
  expect(room.mask(form, 'a=1&b=2', ['$[0]'])).toBe('a=*****&b=*****')
})

test('parameters of a URI are masked by name, decoded, in any case, each time', () => {
  const { uri } = room.plugin.exports

  expect(room.mask(uri, '/token=1?Token=a;b=c&x=1&t%6fken=b&token=#d', ['token'])).toBe(
    '/token=1?Token=*****&x=1&t%6fken=*****&token=#d',
  )
  expect(room.mask(uri, 'https://u/cb#access_token=x&state=y', ['access_token'])).toBe(
    'https://u/cb#access_token=*****&state=y',
  )
  expect(room.mask(uri, '/?next=/login?token=x&a=1', ['token'])).toBe(
    '/?next=/login?token=*****&a=1',
  )
  expect(room.mask(uri, '/plain', ['token'])).toBe('/plain')
})

test('parameters of a path are masked up to the end of their segment', () => {
  const { uri } = room.plugin.exports

  expect(room.mask(uri, '/a;token=x;b=1/token=2;Token=y?q=1', ['token'])).toBe(
    '/a;token=*****;b=1/token=2;Token=*****?q=1',
  )
  expect(room.mask(uri, 'text/html;token=x', ['token'])).toBe('text/html;token=x')
  expect(room.mask(uri, 'see /a;token=x?token=y', ['token'])).toBe('see /a;token=x?token=*****')
})

test.each([
  '{"password":"x","a":"b=c"}',
  '<password a="b">x</password>',
  'a=1\r\npassword=x',
  'password',
  'p\0a\0=\0',
])('%j is no form', (text) => {
  expect(room.mask(room.plugin.exports.form, text, ['password'])).toBeUndefined()
})

const isToken = (text: string) =>
  text
    .toLowerCase()
    .split(/[.[\]]/)
    .includes('token')

test('no parameter of a masked name keeps its value, and all others keep theirs', () => {
  const key = fc.oneof(
    fc.constantFrom('a', 'token', 'TOKEN', 'tokens', 'user[token]'),
    fc.string({ minLength: 1 }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.string({ minLength: 1 })), { maxLength: 6 }), (pairs) => {
      const query = new URLSearchParams(pairs).toString()
      const out = room.mask(room.plugin.exports.uri, `/p?${query}`, ['token'])!
      const seen = [...new URLSearchParams(out.slice(3))]
      expect(seen).toEqual(pairs.map(([k, v]) => [k, isToken(k) ? '*****' : v]))
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['token=x', 'token=*****'],
  ['token=x&', 'token=*****&'],
  ['token=', 'token='],
  ['=x', '=x'],
  ['&token=x', '&token=*****'],
  ['a&token=x', 'a&token=*****'],
  ['a=b=c&token=x=y', 'a=b=c&token=*****'],
  ['a=token=x', 'a=token=x'],
  ['a=1.token=x', 'a=1.token=x'],
  ['a=1;token=x', 'a=1;token=*****'],
  ['a=1?token=x', 'a=1?token=*****'],
  ['a=1#token=x', 'a=1#token=*****'],
  ['token=x;a#b?c/d&e=f', 'token=*****&e=f'],
  ['+token+=x', '+token+=*****'],
  ['%20token%09=x', '%20token%09=*****'],
  ['a/token=x', 'a/token=x'],
  ['token=x\r\n', 'token=*****'],
  [' token=x \n', ' token=*****'],
  [' \n', undefined],
  ['  {a=1', undefined],
  ['[a=1', undefined],
  ['"a=1', undefined],
  ['<a=1', undefined],
  ['a{=1', 'a{=1'],
  ['a=\u001fb', undefined],
  ['a=1\tb', undefined],
  ['token', undefined],
])('the form %j is masked: %j', (text, expected) => {
  expect(room.mask(room.plugin.exports.form, text, ['token'])).toBe(expected)
})

test.each([
  ['/p?token=x', '/p?token=*****'],
  ['/p?a=1&token=x#token=y', '/p?a=1&token=*****#token=*****'],
  ['/token=x', '/token=x'],
  ['/;token=x', '/;token=*****'],
  ['/a;token=x/b;c=token=y', '/a;token=*****/b;c=token=y'],
  ['/a&token=x', '/a&token=*****'],
  ['/a;token=x&b=1', '/a;token=*****&b=1'],
  ['/a;token=x#b', '/a;token=*****#b'],
  ['/a;b/token=x', '/a;b/token=x'],
  ['http://h/;token=x', 'http://h/;token=*****'],
  ['HTTPS://h/;token=x', 'HTTPS://h/;token=*****'],
  ['htt', 'htt'],
  ['htts;token=x', 'htts;token=x'],
  ['ftp:;token=x?token=y', 'ftp:;token=x?token=*****'],
  ['/', '/'],
  ['', ''],
  ['/;a', '/;a'],
  ['/a?', '/a?'],
  ['?token=x', '?token=*****'],
  ['#token=x', '#token=*****'],
  ['a?b?token=x?token=y', 'a?b?token=*****'],
  ['/?token=x/;a=1', '/?token=*****'],
  ['/?token=x;token=y', '/?token=*****'],
])('the URI %j is masked: %j', (text, expected) => {
  expect(room.mask(room.plugin.exports.uri, text, ['token'])).toBe(expected)
  const at = room.plugin.place(Buffer.from(`${text}?;#`))
  const mayHave = Boolean(room.plugin.exports.mayHaveParameters(at, text.length))
  room.plugin.release(at)
  const isPath = text.startsWith('/') || /^http/i.test(text)
  expect(mayHave).toBe(/[?#]/.test(text) || (isPath && text.includes(';')))
})

test.each([
  ['token', true],
  ['TOKEN', true],
  ['user[token]', true],
  ['user.token', true],
  ['token[0]', true],
  ['token.x', true],
  ['[token]', true],
  ['a[token][b]', true],
  ['a.b.token', true],
  ['tokens', false],
  ['atoken', false],
  ['a-token', false],
  ['user[tokens]', false],
  ['[]', false],
  ['.', false],
  ['to.ken', false],
])('a field named %s is masked: %s', (field, isMasked) => {
  const { form } = room.plugin.exports
  const shown = `y=1&${field}=${isMasked ? '*****' : 'x'}`
  expect(room.mask(form, `y=1&${field}=x`, ['token'])).toBe(shown)
  expect(room.mask(form, `y=1&${field}=x`, ['z', '$.q.token', '$.c[0]'])).toBe(shown)
})

test('without a name in a path each field may be meant, until the masks are cleared', () => {
  const { form } = room.plugin.exports
  expect(room.mask(form, 'x=1', ['$[0][*]'])).toBe('x=*****')
  expect(room.mask(form, 'x=1', ['$[0].y'])).toBe('x=1')
  expect(room.mask(form, 'y=1', ['$[0].y[*]'])).toBe('y=*****')
  expect(room.mask(form, 'x=1&y=2', ['$.x.y'])).toBe('x=1&y=*****')
})

test('in a path no name is looked for before a semicolon', () => {
  const { uri } = room.plugin.exports
  for (const path of ['/a.token=x', '/a;b/c.token=x', 'http.token=x'])
    expect(room.mask(uri, path, ['token'])).toBe(path)
})
