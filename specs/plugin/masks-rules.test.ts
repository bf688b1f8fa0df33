import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { MaskRoom } from './support/masks.ts'

let room: MaskRoom
beforeAll(async () => {
  room = await MaskRoom.open()
})

test('a pattern fits as its regular expression does', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '-'), maxLength: 8 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '-'), maxLength: 12 })
  fc.assert(
    fc.property(pattern, text, (glob, value) => {
      const [start, at] = [
        room.plugin.place(Buffer.from(value)),
        room.plugin.place(Buffer.from(glob)),
      ]
      const fits = room.plugin.exports.glob(start, value.length, at, glob.length)
      room.plugin.release(start, at)
      const expected = new RegExp(`^${glob.replaceAll('*', '.*')}$`, 'i').test(value)
      expect(Boolean(fits), `${value} ~ ${glob}`).toBe(expected)
    }),
    { numRuns: 1000 },
  )
})

type Rules = { names: string[]; patterns: string[]; cookies: string[] }

function listed(list: number): string[] {
  const names: string[] = []
  for (
    let at = room.plugin.exports.ruleAt(list, 0);
    at;
    at = room.plugin.exports.ruleAt(list, names.length)
  ) {
    names.push(room.plugin.span(at).toString('latin1'))
  }
  return names
}

function rulesIn(): Rules {
  return { names: listed(0), patterns: listed(1), cookies: listed(2) }
}

/** The position of what is wrong with a rule, null when nothing is. */
function addRule(text: string, which: number | 'type'): number | null {
  const bytes = Buffer.from(text, 'latin1')
  // What stands behind it is none of it.
  const at = room.plugin.place(Buffer.concat([bytes, Buffer.from('*')]))
  const isRule =
    which === 'type'
      ? room.plugin.exports.addMediaType(at, bytes.length)
      : room.plugin.exports.addRule(at, bytes.length, which)
  room.plugin.release(at)
  return isRule ? null : room.plugin.exports.errorPosition()
}

test('a rule names a header, a pattern of them, or a cookie', () => {
  room.plugin.exports.clearRules()
  for (const text of [
    'X-Secret',
    'x-internal-*',
    '*',
    'Cookie:Session',
    'cookie:sess-*',
    'cookie',
  ]) {
    expect(addRule(text, 1), text).toBeNull()
  }
  expect(rulesIn()).toEqual({
    names: ['x-secret', 'cookie'],
    patterns: ['x-internal-*', '*'],
    cookies: ['session', 'sess-*'],
  })
  room.plugin.exports.clearRules()
  expect([addRule('Set-Cookie:A', 2), addRule('set-cookie', 2), addRule('a', 0)]).toEqual([
    null,
    null,
    null,
  ])
  expect(rulesIn()).toEqual({ names: ['set-cookie', 'a'], patterns: [], cookies: ['a'] })
  expect([
    addRule('cookie:', 1),
    addRule('set-cookie:', 2),
    addRule('', 1),
    addRule('', 0),
  ]).toEqual([7, 11, 0, 0])
  expect([addRule('cookie:a', 0), addRule('cookie:a', 2), addRule('set-cookie:a', 1)]).toEqual([
    0, 0, 0,
  ])
})

test('rules that are cleared are those of an option that is not given', () => {
  room.plugin.exports.clearRules()
  for (const text of ['x-a', 'x-*', 'cookie:c']) addRule(text, 1)
  expect(room.plugin.exports.isGivenWhenCleared()).toBe(0)
  expect(rulesIn()).toEqual({ names: [], patterns: [], cookies: [] })
})

test('of a cookie or a media type each character may stand but blanks, controls and semicolons', () => {
  room.plugin.exports.clearRules()
  for (let byte = 0; byte < 256; byte++) {
    const char = String.fromCharCode(byte)
    const isBad = byte <= 32 || byte >= 127 || char === ';'
    expect(addRule(`cookie:a${char}b`, 1), String(byte)).toBe(isBad ? 8 : null)
    expect(addRule(`a${char}b`, 'type'), String(byte)).toBe(isBad ? 1 : null)
  }
  const { names, cookies: ofCookies } = rulesIn()
  expect(names).toEqual(ofCookies)
  expect(names.join('')).toBe(names.join('').toLowerCase())
  expect(names).toHaveLength(93)
  expect([addRule('', 'type'), addRule('text/*', 'type'), addRule('Text/HTML', 'type')]).toEqual([
    0,
    null,
    null,
  ])
})

const PATH_OF_256_STEPS = `$${'.a'.repeat(256)}`

test('masks and rules give their memory back', () => {
  const { json, clearMasks, clearRules } = room.plugin.exports
  const taken = [['a'], ['$.b[0].c'], ["$..['d']", '$[*]'], ['a', 'b', '$.c.d', '$.e']]
  for (const masks of taken) {
    const use = () => {
      room.mask(json, '{"a":1}', masks)
      clearMasks()
    }
    expect(room.plugin.leakOf(use), masks.join()).toBe(0)
  }
  const refused = ['$.', '$.a[', '$.a.b.c[x]', '$.a..', "$.a['b", 'a\tb', '', PATH_OF_256_STEPS]
  for (const mask of refused) {
    const use = () => {
      expect(room.addMask(mask)).toBe(0)
      clearMasks()
    }
    expect(room.plugin.leakOf(use), mask).toBe(0)
  }
  for (const rule of ['x-a', 'x-*', 'cookie:c', 'cookie:', 'cookie:a b', 'b d', '']) {
    const use = () => {
      addRule(rule, 1)
      clearRules()
    }
    expect(room.plugin.leakOf(use), rule).toBe(0)
  }
  for (const type of ['text/*', '', 'a b']) {
    const use = () => {
      addRule(type, 'type')
      clearRules()
    }
    expect(room.plugin.leakOf(use), type).toBe(0)
  }
})
