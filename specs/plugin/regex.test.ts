import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { pattern, patternSoup, text } from './support/arbitrary-pattern.ts'
import { RegexEngine, type Text } from './support/regex.ts'

let engine: RegexEngine

beforeAll(async () => {
  engine = await RegexEngine.load()
})

function matches(source: Text, subject: Text): boolean | undefined {
  using regex = engine.compile(source)
  return regex.matches(subject)
}

/**
 * Whether V8 finds a match that begins at a character.
 *
 * @note Each place is tried by itself: on its own V8 looks for `\\B` between the halves of a surrogate pair, too, and (14.6, in Node 26.10) begins behind
 *   the match of a pattern such as `[^a]{2}$`, because it takes a pair for one unit.
 */
function v8(source: string, subject: string, flags = 'u'): boolean {
  const regex = new RegExp(source, `${flags}y`)
  let at = 0
  for (const character of [...subject, '']) {
    regex.lastIndex = at
    if (regex.test(subject)) return true
    at += character.length
  }
  return false
}

test('agrees with V8 on every pattern of the shared syntax', () => {
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 4 }), (source, texts) => {
      using regex = engine.compile(source)
      for (const subject of texts) expect(regex.matches(subject)).toBe(v8(source, subject))
    }),
    { numRuns: 3000 },
  )
})

test.each(['\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '.', '[^\\s\\d]'])(
  'the class %s has the members that it has in V8',
  (source) => {
    using regex = engine.compile(`^${source}$`)
    const inV8 = new RegExp(`^${source}$`, 'u')
    const texts = Array.from({ length: 0x10000 }, (_, point) => String.fromCodePoint(point))
    const isEdge = (at: number) => inV8.test(texts[at] ?? '') !== inV8.test(texts[at - 1] ?? '')
    const edges = texts.filter((_, at) => isEdge(at) || isEdge(at + 1))
    expect(edges.length).toBeGreaterThan(1)
    const differ = edges.filter((edge) => regex.matches(edge) !== inV8.test(edge))
    expect(differ).toEqual([])
  },
)

test('agrees with V8 without regard to the case of ASCII letters', () => {
  fc.assert(
    fc.property(pattern, text, (source, subject) => {
      expect(matches(`(?i)${source}`, subject)).toBe(v8(source, subject, 'iu'))
    }),
    { numRuns: 1000 },
  )
})

test('never accepts what V8 refuses, and never means anything else by it', () => {
  let accepted = 0
  fc.assert(
    fc.property(patternSoup, text, (source, any) => {
      // Without the flag u, which refuses much of the soup, V8 takes a surrogate pair for two characters.
      const subject = any.replaceAll('𝄞', '€')
      let found: boolean | undefined
      try {
        found = matches(source, subject)
      } catch {
        return
      }
      accepted++
      expect(found).toBe(v8(source, subject, ''))
    }),
    { numRuns: 20_000 },
  )
  expect(accepted).toBeGreaterThan(1000)
})

test('compiles or refuses whatever bytes a pattern has', () => {
  const outcomes = { compiled: 0, refused: 0 }
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }),
      (source, subject) => {
        let found: boolean | undefined
        try {
          found = matches(source, subject)
        } catch (error) {
          outcomes.refused++
          expect(String(error)).toMatch(/ at \d+$/)
          return
        }
        outcomes.compiled++
        expect(found).toBeTypeOf('boolean')
      },
    ),
    { numRuns: 5000 },
  )
  expect(outcomes.compiled).toBeGreaterThan(100)
  expect(outcomes.refused).toBeGreaterThan(100)
})

test.each([
  ['a**', 'there is nothing to repeat at 2'],
  ['*a', 'there is nothing to repeat at 0'],
  ['^+', 'there is nothing to repeat at 1'],
  ['a{1001}', 'a repeat counts to 1000 at most at 1'],
  ['a{3,2}', 'a repeat ends before it begins at 1'],
  ['a(b', 'a group is not closed at 1'],
  ['ab)', 'no group is open at 2'],
  ['[a', 'a character class is not closed at 0'],
  ['[]a]', 'RE2 and JavaScript disagree about an empty character class at 0'],
  ['x[[:alpha:]]', 'POSIX character classes are not supported at 2'],
  ['[z-a]', 'this is not a range of characters at 1'],
  ['a(?=b)', 'look-ahead and look-behind are not supported at 1'],
  ['(?<!a)b', 'look-ahead and look-behind are not supported at 0'],
  ['(a)\\1', 'back references are not supported at 3'],
  ['(?P<n>a)', 'this kind of group is not supported at 0'],
  ['\\pL', 'this escape is not supported at 0'],
  ['[\\b]', 'this escape is not supported at 1'],
  ['\\ud83d', 'half a surrogate pair is not a character at 0'],
  ['a\\', 'the pattern ends in a backslash at 1'],
  [Buffer.from([0x61, 0xff]), 'the pattern is not UTF-8 at 1'],
  ['('.repeat(200), 'groups are nested too deep at 100'],
  ['(?:(?:a{1000}){1000}){1000}', 'the pattern is too large at 27'],
  ['(?:(?:(?:){1000}){1000}){1000}', 'the pattern is too large at 30'],
  ['a'.repeat(5000), 'the pattern is too large at 4096'],
])('says what is wrong with a pattern, and where: case %#', (source, message) => {
  expect(() => engine.compile(source)).toThrow(message)
})

test.each([
  ['(?i)get|(?-i:POST)', 'GET', true],
  ['(?-i:POST)', 'post', false],
  ['a(?i)b|c', 'C', true],
  ['(?:a(?i)b)c', 'aBC', false],
  ['a.b', 'a\nb', false],
  ['(?s)a.b', 'a\nb', true],
  ['(?<name>a)b', 'xab', true],
  ['a{,2}', 'a{,2}', true],
  ['\\ud834\\udd1e', '𝄞', true],
])('takes %s as RE2 does', (source, subject, expected) => {
  expect(matches(source, subject)).toBe(expected)
})

test('takes a byte that is not UTF-8 for one replacement character', () => {
  const latin1 = Buffer.from([0x61, 0xe9, 0x62])

  expect(matches('^a.b$', latin1)).toBe(true)
  expect(matches('^a\\ufffdb$', latin1)).toBe(true)
  expect(matches('é', latin1)).toBe(false)
})

function shape(source: string): { prefix: string; exact: boolean } {
  using regex = engine.compile(source)
  return { prefix: regex.prefix, exact: regex.exact }
}

test('knows what every match begins with, and whether that is all of it', () => {
  expect(shape('^/v1/users/[0-9]+$')).toEqual({ prefix: '/v1/users/', exact: false })
  expect(shape('^(?:GET)$')).toEqual({ prefix: 'GET', exact: true })
  expect(shape('^/é\\.json')).toEqual({ prefix: '/é.json', exact: false })
  expect(shape('^ab?')).toEqual({ prefix: 'a', exact: false })
  expect(shape('^a|b')).toEqual({ prefix: '', exact: false })
  expect(shape('(?i)^a')).toEqual({ prefix: '', exact: false })
  expect(shape('a')).toEqual({ prefix: '', exact: false })
})

// By count, not by the clock: a text of 64 KiB makes a backtracking engine take longer than the universe is old.
test.each([
  ['(a+)+$', 'a'.repeat(65_536) + 'b', false],
  ['(?:a|a)*b', 'a'.repeat(65_536), false],
  ['(?:a*)*c', 'a'.repeat(65_536), false],
  ['^(?:a?){50}a{50}$', 'a'.repeat(50), true],
  ['(?:x+x+)+y', 'x'.repeat(65_536), false],
  ['([a-z]+)*[0-9]{3}$', 'abcdefgh'.repeat(8192), false],
])('is linear in the text for %s', (source, subject, expected) => {
  expect(matches(source, subject)).toBe(expected)
})

test('gives up on a pattern that needs too many states for a text, rather than stall', () => {
  using regex = engine.compile(`a[ab]{700}c`)
  const letters = Array.from({ length: 65_536 }, (_, i) => 'ab'[((i * 2_654_435_761) >>> 13) & 1])
  const subject = letters.join('')

  expect(regex.matches(subject)).toBeUndefined()
  expect(regex.matches('a'.repeat(701) + 'c')).toBe(true)
})
