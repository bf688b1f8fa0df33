import { beforeAll, expect, test } from 'vitest'
import { RegexEngine } from './support/regex.ts'

let engine: RegexEngine

beforeAll(async () => {
  engine = await RegexEngine.load()
})

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i))
const ASCII = range(0, 127)

/** Which of these texts a pattern matches, as V8 does. */
function expectAsV8(source: string, texts: readonly string[], flags = 'u', inV8 = source): void {
  using regex = engine.compile(source)
  const v8 = new RegExp(inV8, flags)
  const differ = texts.filter((text) => regex.matches(text) !== v8.test(text))
  expect(differ, source).toEqual([])
}

test('repeats count as in V8, of each kind of atom', () => {
  const counts = ['', '*', '+', '?', '{0}', '{1}', '{2}', '{3}', '{0,}', '{1,}', '{2,}']
  const ranges = ['{0,0}', '{0,1}', '{0,2}', '{1,1}', '{1,2}', '{2,3}', '{0,3}', '{10}', '{2,12}']
  const atoms = ['a', '(?:ab)', '(ab|c)', '[ab]', '.', '(?:a|)', '(?:a*)', '(?:a{2})']
  const texts = [
    ['', 'b', 'c', 'ab', 'ba', 'aab', 'abab', 'abc', 'ababab', 'acab', 'ababababab'],
    Array.from({ length: 14 }, (_, i) => 'a'.repeat(i)),
  ].flat()
  for (const atom of atoms) {
    for (const count of [...counts, ...ranges]) {
      for (const lazy of count ? ['', '?'] : ['']) {
        expectAsV8(`^${atom}${count}${lazy}$`, texts)
        expectAsV8(`^${atom}${count}${lazy}b`, texts)
      }
    }
  }
})

test('a brace that begins no count is a character', () => {
  const texts = ['{', '}', 'a{', 'a{2', 'a{2,', 'a{2,3', 'a{,3}', 'a{}', 'a{b}', 'a{2b}', 'a{2,b}']
  const sources = [...texts, 'a{ 2}', 'a{2,,3}', 'a{-1}', '{2', '{,2}', '{a}']
  for (const source of sources) {
    expectAsV8(`^${source}$`, [...sources, 'aa', 'aaa', 'a'], '')
  }
})

const places = ['^', '$', '\\b', '\\B']

test('places hold where they do in V8, alone, doubled and in groups', () => {
  const atoms = [
    'a',
    ' ',
    '_',
    '[a ]',
    '(?:a|$)',
    '(?:^|a)',
    '(?:\\b|a)+',
    '(?:\\B)*',
    '(?:^a)?',
    '',
  ]
  const texts = ['', 'a', ' ', 'aa', 'a ', ' a', 'a a', '_', 'a-', 'é', 'aé', 'a\n', '\na', ' a ']
  for (const first of [...places, '']) {
    for (const atom of atoms) {
      for (const last of [...places, '']) {
        expectAsV8(`${first}${atom}${last}`, texts)
        expectAsV8(`(?:${first}|x)${atom}(?:${last}|y)`, texts)
      }
    }
  }
})

test('each word character has its boundaries, and no other', () => {
  const texts = [...range(0, 0x250), '\u2028', '€', '\ufffd', '𝄞']
  expectAsV8('^\\b.\\b$', texts)
  expectAsV8('^.\\B$', texts)
  expectAsV8(
    'a\\b.\\Ba',
    texts.map((char) => `a${char}a`),
  )
})

const classes = [
  ['[a]', '[ab]', '[ba]', '[a-c]', '[c-ea-b]', '[a-cb-d]', '[a-cd-f]', '[a-ceg]', '[a-a]'],
  ['[-a]', '[a-]', '[-]', '[^-]', '[a\\-c]', '[*-\\-]', '[a-c-e]', '[^a]', '[^^]', '[a^]'],
  ['[\\]]', '[\\\\]', '[[]', '[[a]', '[:a:]', '[.]', '[$]', '[()|*+?{}]', '[\\^]', '[\\d-]'],
  ['[\\w.]', '[^\\w.]', '[\\W_]', '[^\\W]', '[\\D5]', '[^\\D5]', '[\\s\\S]', '[^\\s\\S]'],
  ['[^\\0]', '[^\\0-a]', '[\\0-\\x7f]', '[\\x41-\\u005a]', '[\\n\\t]'],
  ['[é-€]', '[^é-€]', '[\\u00e9\\u20ac]', '[\\ud800\\udc00-\\udbff\\udfff]', '[\\t-\\r]'],
].flat()
const everywhere = [
  range(0, 0x250),
  ['\u07ff', '\u0800', '\u2027', '\u2028', '€', '\ud7ff', '\ue000', '\ufffd', '\uffff'],
  ['\u{10000}', '\u{1d11e}', '\u{3ffff}', '\u{40000}', '\u{fffff}', '\u{100000}', '\u{10ffff}'],
].flat()

test('classes have the members that they have in V8', () => {
  for (const source of classes) expectAsV8(`^${source}$`, everywhere)
})

/** @note V8 itself finds no member in it. */
test('a class may have the last character of all as its only member', () => {
  using regex = engine.compile('^x?[^\\0-\\udbff\\udffe]$')

  expect(everywhere.filter((char) => regex.matches(char))).toEqual(['\u{10ffff}'])
})

test('without regard to case classes and characters have both cases of ASCII letters', () => {
  const inAnyCase = ['a', 'z', 'A', 'Z', 'm', '@', '[', '`', '{', '5', '[a-f]', '[X-c]', '[^b-y]']
  for (const source of [
    ...inAnyCase,
    '[@-\\[]',
    '[`-{]',
    '[A-Za]',
    '[a-cm-ox-z]',
    '[a-cM-OX]',
    '[^A]',
    '\\w',
    '[Y-z]',
    '\\x41',
  ]) {
    if (source === '[' || source === '{') continue
    expectAsV8(`(?i)^${source}$`, ASCII, 'i', `^${source}$`)
    expectAsV8(`^(?i:${source})$`, ASCII, 'i', `^${source}$`)
    expectAsV8(`^(?i:x)?(?-i)${source}$`, ASCII, '', `^[xX]?${source}$`)
  }
})

test('a dot is any character but the ends of lines, and with the flag s these, too', () => {
  expectAsV8('^.$', everywhere)
  expectAsV8('(?s)^.$', everywhere, 'us', '^.$')
  const pairs = ['a\n', '\na', '\n\n', 'ab', '\u2028a', 'a\u2028']
  expectAsV8('(?s:^.)(?-s:.$)', pairs, 'u', '^[\\s\\S].$')
})

test('flags hold to the end of their group', () => {
  const texts = ['ab', 'aB', 'AB', 'Ab', 'abc', 'ABC', 'aBc', 'aBC', 'a\nc', 'A\nC', 'a\nC']
  const pairs: [source: string, inV8: string][] = [
    ['a(?i)b', 'a[bB]'],
    ['(?i)a(?-i)b', '[aA]b'],
    ['(?:a(?i)b)c', 'a[bB]c'],
    ['(a(?i)b|c)c', '(a[bB]|[cC])c'],
    ['(?i:a)bc', '[aA]bc'],
    ['(?is:a.)c', '[aA][\\s\\S]c'],
    ['(?i-s:a.)c', '[aA].c'],
    ['(?s)(?i)a.(?-is)c', '[aA][\\s\\S]c'],
    ['(?s-i)a.c', 'a[\\s\\S]c'],
    ['(?i)(?:a(?-i)b)c', '[aA]b[cC]'],
    ['(?s:a(?-s).c|a.c)', 'a.c'],
    ['(?s:.(?-s))\\nc', '[\\s\\S]\\nc'],
  ]
  for (const [source, inV8] of pairs) expectAsV8(source, texts, 'u', inV8)
})

/** Characters that a backslash may stand before, and what it makes of them: a set, a place, or a character. */
const ESCAPED = new Set([...'dDwWsSbBtnvfr0', ...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~ '])

test('a backslash is understood before the characters that RE2 and JavaScript know, and no others', () => {
  for (const char of ASCII) {
    const source = `\\${char}`
    const isControl = char < ' ' || char === '\u007f'
    if (ESCAPED.has(char) || isControl) {
      expectAsV8(`^${source}$`, ['', 'a', ...ASCII], '')
      expectAsV8(`a${source}b`, ['ab', 'a b', `a${char}b`, 'a0b', 'a_b', 'a\tb'], '')
      if ('bB'.includes(char)) continue
      expectAsV8(`^[x${source}]$`, ASCII, '')
      expectAsV8(`^[^${source}]$`, ASCII, '')
    } else {
      const reason = /[1-9]/.test(char) ? 'back references are not supported' : 'this escape is not'
      expect(() => engine.compile(`ab${source}`), source).toThrow(reason)
      expect(() => engine.compile(`ab${source}`), source).toThrow(/ at 2$/)
      expect(() => engine.compile(`ab[${source}]`), source).toThrow(/ at 3$/)
    }
  }
  expect(() => engine.compile('a\\é')).toThrow('this escape is not supported at 1')
})

test('characters are written by their number, in either case', () => {
  for (const char of everywhere) {
    const units = [...Array(char.length).keys()].map((i) => char.charCodeAt(i).toString(16))
    const source = units.map((unit) => `\\u${unit.padStart(4, '0')}`).join('')
    using lower = engine.compile(`^${source}$`)
    using upper = engine.compile(`^[${source.replaceAll(/[a-f]/g, (x) => x.toUpperCase())}]$`)
    const found = [char, '', 'a€'].flatMap((text) => [lower.matches(text), upper.matches(text)])
    expect(found, source).toEqual([true, true, false, false, false, false])
    if (char > '\u00ff') continue
    expectAsV8(`^\\x${units[0]?.padStart(2, '0')}$`, everywhere)
  }
})

test('text that ends within a character ends with a byte that is no UTF-8', () => {
  for (const char of ['é', '€', '𝄞']) {
    const whole = Buffer.from(`a${char}`)
    using regex = engine.compile('^a(.*)$')
    using exact = engine.compile(`^a${char}$`)
    using broken = engine.compile('^a\\ufffd*$')
    expect(exact.matches(whole)).toBe(true)
    for (let cut = 2; cut < whole.length; cut++) {
      expect(regex.matches(whole, cut)).toBe(true)
      expect(exact.matches(whole, cut)).toBe(false)
      expect(broken.matches(whole, cut)).toBe(true)
      using count = engine.compile(`^a.{${cut - 1}}$`)
      expect(count.matches(whole, cut), `${char} ${cut}`).toBe(true)
    }
  }
})

const long = (char: string, count: number) => char.repeat(count)

test.each<[source: string, message: string]>([
  ['+', 'there is nothing to repeat at 0'],
  ['?a', 'there is nothing to repeat at 0'],
  ['a|*', 'there is nothing to repeat at 2'],
  ['{2}', 'there is nothing to repeat at 0'],
  ['a|{2,3}', 'there is nothing to repeat at 2'],
  ['$*', 'there is nothing to repeat at 1'],
  ['\\b?', 'there is nothing to repeat at 2'],
  ['(?i)*', 'there is nothing to repeat at 4'],
  ['(?i)+', 'there is nothing to repeat at 4'],
  ['a+*', 'there is nothing to repeat at 2'],
  ['a???', 'there is nothing to repeat at 3'],
  ['a{2}{3}', 'there is nothing to repeat at 4'],
  ['a*{3}', 'there is nothing to repeat at 2'],
  ['a??+', 'there is nothing to repeat at 3'],
  ['a{0,1001}', 'a repeat counts to 1000 at most at 1'],
  ['a{1001,}', 'a repeat counts to 1000 at most at 1'],
  ['a{1001,1002}', 'a repeat counts to 1000 at most at 1'],
  ['a{4294967297}', 'a repeat counts to 1000 at most at 1'],
  ['a{1,99999999999999999999}', 'a repeat counts to 1000 at most at 1'],
  ['a{2,1}', 'a repeat ends before it begins at 1'],
  ['b(?:a{1000,999})', 'a repeat ends before it begins at 5'],
  ['(', 'a group is not closed at 0'],
  ['a(?:b', 'a group is not closed at 1'],
  ['a(b(c)', 'a group is not closed at 1'],
  [')', 'no group is open at 0'],
  ['(a))b', 'no group is open at 3'],
  ['a|b)', 'no group is open at 3'],
  ['[', 'a character class is not closed at 0'],
  ['[^', 'a character class is not closed at 0'],
  ['b[^a', 'a character class is not closed at 1'],
  ['b[a-', 'a character class is not closed at 1'],
  ['b[a-c', 'a character class is not closed at 1'],
  ['[a\\]', 'a character class is not closed at 0'],
  ['a[]', 'RE2 and JavaScript disagree about an empty character class at 1'],
  ['a[^]', 'RE2 and JavaScript disagree about an empty character class at 1'],
  ['[a[:digit:]]', 'POSIX character classes are not supported at 2'],
  ['[b-a]', 'this is not a range of characters at 1'],
  ['[xa-\\d]', 'this is not a range of characters at 2'],
  ['[\\d-z]', 'this is not a range of characters at 1'],
  ['[a-\0]', 'this is not a range of characters at 1'],
  ['(?!a)', 'look-ahead and look-behind are not supported at 0'],
  ['b(?<=a)', 'look-ahead and look-behind are not supported at 1'],
  ['\\9', 'back references are not supported at 0'],
  ['a(?#b)', 'this kind of group is not supported at 1'],
  ['(?', 'this kind of group is not supported at 0'],
  ['(?i', 'this kind of group is not supported at 0'],
  ['(?)', 'this kind of group is not supported at 0'],
  ['(?:', 'a group is not closed at 0'],
  ['(?-)', 'this kind of group is not supported at 0'],
  ['(?i-)', 'this kind of group is not supported at 0'],
  ['(?i--s)', 'this kind of group is not supported at 0'],
  ['(?m)', 'this kind of group is not supported at 0'],
  ['(?im:a)', 'this kind of group is not supported at 0'],
  ['(?<', 'this kind of group is not supported at 0'],
  ['(?<>a)', 'this kind of group is not supported at 0'],
  ['(?<1>a)', 'this kind of group is not supported at 0'],
  ['(?<a', 'this kind of group is not supported at 0'],
  ['(?<a-b>a)', 'this kind of group is not supported at 0'],
  ["(?'a'b)", 'this kind of group is not supported at 0'],
  ['\\01', 'this escape is not supported at 0'],
  ['a\\x', 'this escape is not supported at 1'],
  ['a\\x4', 'this escape is not supported at 1'],
  ['a\\xg0', 'this escape is not supported at 1'],
  ['a\\u004', 'this escape is not supported at 1'],
  ['a\\u{41}', 'this escape is not supported at 1'],
  ['[a\\B]', 'this escape is not supported at 2'],
  ['a\\udc00', 'half a surrogate pair is not a character at 1'],
  ['a\\udbff', 'half a surrogate pair is not a character at 1'],
  ['a\\ud800\\n', 'half a surrogate pair is not a character at 1'],
  ['a\\ud800x', 'half a surrogate pair is not a character at 1'],
  ['a\\ud800\\ud800', 'half a surrogate pair is not a character at 1'],
  ['a\\ud800\\ue000', 'half a surrogate pair is not a character at 1'],
  ['a\\udfff\\udc00', 'half a surrogate pair is not a character at 1'],
  ['a\\udc00\\udc00', 'half a surrogate pair is not a character at 1'],
  ['\\', 'the pattern ends in a backslash at 0'],
  ['[\\', 'the pattern ends in a backslash at 1'],
])('%j is refused, and where', (source, message) => {
  expect(() => engine.compile(source)).toThrow(new RegExp(`^${message.replaceAll('?', '.')}$`))
})

test('a pattern that is cut within a character is not UTF-8, whatever stands behind it', () => {
  for (const char of ['é', '€', '𝄞']) {
    const size = Buffer.byteLength(char)
    for (let cut = 1; cut < size; cut++) {
      expect(() => engine.compile(`ab${char}`, 2 + cut)).toThrow('the pattern is not UTF-8 at 2')
    }
    engine.compile(`ab${char}`, 2 + size)[Symbol.dispose]()
  }
})

test('names of groups are letters, digits and underscores', () => {
  for (const name of ['a', 'Z', '_', 'a1', '_9', 'aZ_0', long('n', 200)]) {
    expectAsV8(`^(?<${name}>ab)+$`, ['ab', 'abab', 'a', name])
  }
})

test.each<[source: string, prefix: string, exact: boolean]>([
  ['^', '', false],
  ['^$', '', true],
  ['^^a', 'a', false],
  ['(?:^a)', 'a', false],
  ['(?:^)a', 'a', false],
  ['^a^b', 'a', false],
  ['^a$b', 'a', false],
  ['^a$$', 'a', false],
  ['^ab$', 'ab', true],
  ['^a\\b', 'a', false],
  ['^\\ba', '', false],
  ['^a.b', 'a', false],
  ['^[a]b', 'ab', false],
  ['^[ab]', '', false],
  ['^[ac]', '', false],
  ['^(?:a|b)c', '', false],
  ['(?:^a|^b)', '', false],
  ['(?:^|x)a', '', false],
  ['(?:^|^)a', '', false],
  ['^a\\ufffdb', 'a', false],
  ['^é€𝄞$', 'é€𝄞', true],
  ['^[^\\0-\\udbff\\udffe]', '\u{10ffff}', false],
  ['^\\0a', '\0a', false],
  ['^a{3}', 'aaa', false],
  ['^a{2,}', 'aa', false],
  ['^a+b', 'a', false],
  ['^a*b', '', false],
  ['^(?:a$|a)', '', false],
  ['a^', '', false],
  ['', '', false],
])('every match of %j begins with %j', (source, prefix, exact) => {
  using regex = engine.compile(source)
  expect([regex.prefix, regex.exact]).toEqual([prefix, exact])
})

test('a text is compared with what every match begins with', () => {
  for (const source of ['^ab$', '^ab', '^ab?c', '^a{3}$', '^$', '^é$']) {
    expectAsV8(source, ['', 'a', 'ab', 'abc', 'b', 'xab', 'ac', 'aaa', 'aaaa', 'é', 'éa', 'ab\n'])
  }
})
