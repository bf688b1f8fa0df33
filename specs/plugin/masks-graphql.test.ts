import { beforeAll, expect, test } from 'vitest'
import { MaskRoom } from './support/masks.ts'

let room: MaskRoom
beforeAll(async () => {
  room = await MaskRoom.open()
})

test.each<[query: string, isMasked: boolean]>([
  ['{ login(password: "x") }', true],
  ['{ login(a: {Password : ["x"]}) }', true],
  ['{ login(password # why\n: "x") }', true],
  ['query($password: [String!]! = "x") { a }', true],
  ['query($password: [String!]!, $b: Int = 1) { login(password: $password) }', false],
  ['{ login(password:, $p) { password } }', false],
  ['{ passwords(a: "password") { a_password: b } }', false],
])('the text of GraphQL %j is replaced: %s', (query, isMasked) => {
  const shown = isMasked ? '*****' : query
  expect(room.json({ query, a: 1 }, 'password')).toEqual({ query: shown, a: 1 })
  expect(room.json([{ query }], 'password')).toEqual([{ query: shown }])
  expect(room.json({ a: [{ query }] }, 'password')).toEqual({ a: [{ query }] })
  expect(room.json({ query }, '$.card.number')).toEqual({ query })
})

test('a query of GraphQL may have escapes in its name and in its text', () => {
  const text = String.raw`{"qu\u0065ry":"{ a(p\u0061ssword : \"x\") }","a":1}`

  expect(room.mask(room.plugin.exports.json, text, ['password'])).toBe(
    String.raw`{"qu\u0065ry":"*****","a":1}`,
  )
})

test.each<[query: string, isLiteral: boolean]>([
  ['password: 1', true],
  ['password:1', true],
  ['password', false],
  ['$password', false],
  ['{a(password', false],
  ['{a(password:', true],
  ['{a(password: $p)}', false],
  ['{a(password:,\n\t $p)}', false],
  ['{a(password , : , 1)}', true],
  ['{a(password}', false],
  ['{a(password#', true],
  ['{a(password: #\n$p)}', true],
  ['{a(xpassword: 1)}', false],
  ['{a(password1: 1)}', false],
  ['{a(pass_word: 1)}', false],
  ['{a(_password: 1)}', false],
  ['{a(PassWord: 1)}', true],
  ['query($password: String = "x"){a}', true],
  ['query($password: [String!]! = 1)', true],
  ['query($password:Str_1ng!)', false],
  ['query($password)', false],
  ['query($password: String # c\n = "x")', true],
  ['query($password: String @d = 1)', false],
  ['query($password: String, $b: Int = 1)', false],
  ['query($password', false],
  ['{ a(b: $password) c(password: 1) }', true],
  ['', false],
])('the query %j has the masked value in it: %s', (query, isLiteral) => {
  expect(room.json({ query }, 'password')).toEqual({ query: isLiteral ? '*****' : query })
  expect(room.json({ query: `{a} ${query}` }, 'password')).toEqual({
    query: isLiteral ? '*****' : `{a} ${query}`,
  })
  // What stands behind the text is none of it.
  expect(room.json({ query, password: 1 }, 'password')).toEqual({
    query: isLiteral ? '*****' : query,
    password: '*****',
  })
})

test('only what is named query, and a string, is looked at as a query', () => {
  const literal = 'a(password: 1)'
  for (const key of ['querx', 'quer', 'queryy', 'Query', 'xuery', 'query ']) {
    expect(room.json({ [key]: literal }, 'password')).toEqual({ [key]: literal })
  }
  for (const value of [1, null, true, [literal], { a: literal }]) {
    expect(room.json({ query: value }, 'password')).toEqual({ query: value })
  }
  expect(room.json({ query: { password: 1 } }, 'password')).toEqual({
    query: { password: '*****' },
  })
  expect(room.mask(room.plugin.exports.json, `{"query":"${literal}`, ['password'])).toBeUndefined()
  expect(
    room.mask(room.plugin.exports.json, `{"query":"${literal}\u0001"}`, ['password']),
  ).toBeUndefined()
  expect(
    room.mask(room.plugin.exports.json, `{"query" : "${literal}" , "a":1}`, ['password']),
  ).toBe('{"query" : "*****" , "a":1}')
})
