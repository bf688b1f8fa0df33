import { beforeAll, expect, test } from 'vitest'
import { MaskRoom, type Masker } from './support/masks.ts'

let room: MaskRoom
beforeAll(async () => {
  room = await MaskRoom.open()
})

function cookies(masker: Masker, header: string, ...names: string[]): string | undefined {
  room.plugin.exports.clearMasks()
  // The list owns what it is given.
  for (const each of names)
    room.plugin.exports.addCookie(room.plugin.place(Buffer.from(each)), each.length)
  return room.run(masker, header)
}

test('one cookie of many is masked', () => {
  const { cookie, setCookie } = room.plugin.exports

  expect(cookies(cookie, 'a=1; Session=x=y; b=2; session="p;q"; c', 'session')).toBe(
    'a=1; Session=*****; b=2; session=*****; c',
  )
  expect(cookies(cookie, 'sess-1=a;sess-2=b;s=c', 'sess-*')).toBe('sess-1=*****;sess-2=*****;s=c')
  expect(cookies(cookie, 'session="x; a=1', 'session')).toBe('session=*****; a=1')
  expect(cookies(setCookie, 'session=x; Path=/; HttpOnly', 'session')).toBe(
    'session=*****; Path=/; HttpOnly',
  )
  expect(cookies(setCookie, 'a=x; session=y', 'session')).toBe('a=x; session=y')
  expect(cookies(setCookie, 'a=x; Expires=Wed, 21 Oct; Path=/, session=y; Path=/', 'session')).toBe(
    'a=x; Expires=Wed, 21 Oct; Path=/, session=*****; Path=/',
  )
  expect(cookies(cookie, 'a="x; session=y; z", session=b,c; d', 'session')).toBe(
    'a="x; session=*****; z", session=*****; d',
  )
})

test.each<[header: string, cookie: string, setCookie: string]>([
  ['session=', 'session=', 'session='],
  ['session=;a=b', 'session=;a=b', 'session=;a=b'],
  ['session', 'session', 'session'],
  ['=session', '=session', '=session'],
  [' session = x ; a', ' session =*****; a', ' session =*****; a'],
  ['session="a;b"c;d=e', 'session=*****;d=e', 'session=*****;d=e'],
  ['session="', 'session=*****', 'session=*****'],
  ['session="a;b', 'session=*****;b', 'session=*****;b'],
  ['session="";a', 'session=*****;a', 'session=*****;a'],
  ['a=session=x', 'a=session=x', 'a=session=x'],
  ['a=b,session=c', 'a=b,session=*****', 'a=b,session=*****'],
  ['a=b;session=c', 'a=b;session=*****', 'a=b;session=c'],
  ['a;session=c', 'a;session=*****', 'a;session=c'],
  ['session=x,session=y;session=z', 'session=*****;session=*****', 'session=*****;session=z'],
  ['sessions=x', 'sessions=x', 'sessions=x'],
])('of %j the cookie is masked', (header, cookie, setCookie) => {
  expect(cookies(room.plugin.exports.cookie, header, 'session')).toBe(cookie)
  expect(cookies(room.plugin.exports.cookie, header, 'other', 'session')).toBe(cookie)
  expect(cookies(room.plugin.exports.setCookie, header, 'session')).toBe(setCookie)
  expect(cookies(room.plugin.exports.cookie, header, 'other')).toBe(header)
})

test('behind the first equals sign of a cookie, and in an attribute, no name is looked for', () => {
  const { cookie, setCookie } = room.plugin.exports
  expect(cookies(cookie, 'a=b=c', '*b')).toBe('a=b=c')
  expect(cookies(setCookie, 'a=b; Path=/', '*path')).toBe('a=b; Path=/')
})
