import { beforeAll, expect, test } from 'vitest'
import { RegexEngine, type CompiledPattern, type Text } from './support/regex.ts'

let engine: RegexEngine

beforeAll(async () => {
  engine = await RegexEngine.load()
})

/** The error of a pattern, or null. */
function refused(source: Text): string | null {
  try {
    engine.compile(source)[Symbol.dispose]()
    return null
  } catch (error) {
    return (error as Error).message
  }
}

const tooLarge = (position: number) => `the pattern is too large at ${position}`

/** So many characters that nothing else has, three bytes each. */
const signs = (count: number, from = 0x4e00) =>
  Array.from({ length: count }, (_, i) => String.fromCodePoint(from + i))

test('a pattern has 4096 bytes at most', () => {
  using regex = engine.compile(`^${'a'.repeat(4095)}`)
  expect(regex.matches('a'.repeat(4095))).toBe(true)
  expect(regex.matches('a'.repeat(4094))).toBe(false)
  expect(refused('a'.repeat(4096))).toBeNull()
  expect(refused('a'.repeat(4097))).toBe(tooLarge(4096))
})

const nested = (depth: number) => `${'('.repeat(depth)}a${')'.repeat(depth)}`

test('groups are nested 100 deep at most', () => {
  using regex = engine.compile(`^${nested(100)}b$`)
  expect(regex.matches('ab')).toBe(true)
  expect(refused(nested(101))).toBe('groups are nested too deep at 100')
  expect(refused(`${nested(100)}${nested(100)}`)).toBeNull()
})

test('a repeat counts to 1000, which is as often as it matches', () => {
  using exactly = engine.compile('^a{1000}$')
  using atMost = engine.compile('^a{0,1000}$')
  using atLeast = engine.compile('^a{1000,}$')
  for (const count of [999, 1000, 1001]) {
    const text = 'a'.repeat(count)
    expect([exactly, atMost, atLeast].map((regex) => regex.matches(text))).toEqual([
      count === 1000,
      count <= 1000,
      count >= 1000,
    ])
  }
})

test('a program has 8192 instructions at most, and works up to there', () => {
  const largest = '(?:a{1000}){8}a{191}'
  using regex = engine.compile('^b?(?:a{1000}){8}a{187}$')
  using words = engine.compile('^\\b(?:a{1000}){8}a{186}(?:$|c)')
  for (const count of [8186, 8187, 8188]) {
    const text = 'a'.repeat(count)
    const texts = [text, `b${text}`, `a${text}`, `${text}c`, `${text}b`]
    const each = (one: CompiledPattern) => texts.map((subject) => one.matches(subject))
    expect(each(regex)).toEqual([count === 8187, count === 8187, count === 8186, false, false])
    expect(each(words)).toEqual([count === 8186, false, false, count === 8186, false])
  }
  expect(refused(largest)).toBeNull()
  expect(refused(`${largest}a`)).toBe(tooLarge(21))
})

test('as many alternatives as a pattern has room for are all tried', () => {
  const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const words = letters.flatMap((one) => letters.flatMap((two) => [one + two, `${two}${one}x`]))
  const source = `^(?:${Array.from({ length: 8 }, () => words.join('|')).join('|')})$`
  using regex = engine.compile(source)
  using chain = engine.compile(`^(?:${'|'.repeat(1500)}a)${'b?'.repeat(1000)}$`)
  using empty = engine.compile(`^(?:a${'|'.repeat(4070)}b)c$`)
  expect(['ac', 'c', 'bc', 'xc', 'cc', ''].map((word) => empty.matches(word))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
  const all = [...words, 'aax', 'ai', 'x', '']
  const inV8 = new RegExp(source)
  expect(all.filter((word) => regex.matches(word) !== inV8.test(word))).toEqual([])
  expect(
    ['', 'a', 'bbb', 'ab', 'ba', 'b'.repeat(1000), 'b'.repeat(1001)].map((text) =>
      chain.matches(text),
    ),
  ).toEqual([true, true, true, true, false, true, false])
})

test('repeats of nothing cost no more than is allowed', () => {
  expect(refused('(?:(?:){1000}){49}')).toBeNull()
  expect(refused('(?:(?:){1000}){50}')).toBe(tooLarge(18))
  const trillion = '(?:(?:(?:(?:){1000}){1000}){1000}){1000}'
  expect(refused(trillion)).toBe(tooLarge(trillion.length))
})

test('a pattern has 250 different sets of characters at most, however often each stands in it', () => {
  const all = signs(250)
  const source = all.map((sign) => `${sign}?`).join('')
  using regex = engine.compile(`^${source}$`)
  for (const [index, sign] of all.entries()) {
    expect(regex.matches(sign + (all[index + 1] ?? ''))).toBe(true)
    if (index > 0) expect(regex.matches(sign + all[index - 1])).toBe(false)
  }
  expect(refused(source + all.join(''))).toBeNull()
  expect(refused(`${source}丂[丂][丂丂][丂-丂]`)).toBeNull()
  expect(refused(`${source}z`)).toBe(tooLarge(1001))
  expect(refused(`${source}z${source}`)).toBe(tooLarge(1001))
  expect(refused(`${all.slice(1).join('')}[ab][a-b][ba][aab]`)).toBeNull()
  expect(refused(`${all.slice(1).join('')}[ab][a-c]`)).toBe(tooLarge(747 + 9))
  // Word boundaries need the set of word characters.
  expect(refused(`${all.slice(1).join('')}\\b`)).toBeNull()
  expect(refused(`${all.join('')}\\b`)).toBe(tooLarge(752))
})

/** A class for each bit of their number, so that no two of so many characters are in the same classes. */
function byBits(count: number): string {
  const all = signs(count)
  return Array.from({ length: 8 }, (_, bit) => {
    const members = all.filter((_sign, index) => (((index + 1) >> bit) & 1) !== 0)
    return `[${members.join('')}]?`
  }).join('')
}

test('a pattern distinguishes 254 classes of characters at most', () => {
  const source = `^${byBits(253)}$`
  using regex = engine.compile(source)
  const inV8 = new RegExp(source, 'u')
  const all = signs(253)
  const texts = all.flatMap((sign, i) => [sign, sign + all[252 - i], `${sign}x`])
  expect(texts.filter((text) => regex.matches(text) !== inV8.test(text))).toEqual([])
  expect(refused(byBits(254))).toBe(tooLarge(Buffer.byteLength(byBits(254))))
})

test('characters are cut into 2048 intervals at most', () => {
  const every = (count: number) => signs(count * 2).filter((_, i) => i % 2 === 0)
  const last = '\\udbff\\udfff'
  // Each character cuts twice, one that goes on to the last of all once.
  const most = `[${every(1023).join('')}${last}]`
  using regex = engine.compile(`^${most}$`)
  const inV8 = new RegExp(`^${most}$`, 'u')
  const texts = [...signs(2100), '\u4dff', 'a', '\u{10ffff}', '\u{10fffe}']
  expect(texts.filter((text) => regex.matches(text) !== inV8.test(text))).toEqual([])
  expect(refused(`${most}${every(1)[0]}[${every(3).join('')}]`)).toBeNull()
  expect(refused(`[${every(1024).join('')}]`)).toMatch(/^the pattern is too large at/)
  expect(refused(`${most}a`)).toMatch(/^the pattern is too large at/)
})

test('a class has 8192 ranges at most while it is read', () => {
  const most = `${'\\S'.repeat(743)}${signs(19).join('')}`
  using regex = engine.compile(`^[${most}]$`)
  expect(['a', ' ', '丁', '\u3000'].map((text) => regex.matches(text))).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect(refused(`[${most}x]`)).toMatch(/^the pattern is too large at/)
})

/** Whose sets of instructions, once a text has led to them, are more than are kept. */
const STATEFUL = '(?:a|b)*a(?:a|b){12}'

function randomText(length: number, seed: number): string {
  let state = seed
  const letters = Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 31 ? 'a' : 'b'
  })
  return letters.join('')
}

test('is right, too, when states are more than are kept', () => {
  using regex = engine.compile(`^${STATEFUL}$`)
  using other = engine.compile('^(?:\\b[ab]*a[ab]{9}|x\\b)$')
  for (let seed = 1; seed < 60; seed++) {
    const text = randomText(seed * 97, seed)
    expect(regex.matches(text), String(seed)).toBe(text.at(-13) === 'a')
    expect(other.matches(text), String(seed)).toBe(text.at(-10) === 'a')
    expect(regex.matches('b')).toBe(false)
  }
})

function bytesOf(source: string): number {
  using regex = engine.compile(source)
  return regex.bytes
}

test('what an expression takes is what its parts take', () => {
  const least = bytesOf('a')
  expect(least).toBeGreaterThan(128)
  expect(least).toBeLessThan(1500)
  // Eight bytes an instruction, in a list that may be half empty.
  const program = bytesOf('(?:a{1000}){4}') - least
  expect(program).toBeGreaterThan(4000 * 8 - 512)
  expect(program).toBeLessThan(4000 * 16)
  const prefix = bytesOf(`^${'a'.repeat(4000)}`) - bytesOf('(?:a{1000}){4}')
  expect(prefix).toBeGreaterThan(3900)
  expect(prefix).toBeLessThan(4100)
  // 32 bytes a set, and two numbers for an interval.
  const sets = bytesOf(signs(200).join('')) - least
  expect(sets).toBeGreaterThan(200 * (8 + 32 + 8) - 512)
  expect(sets).toBeLessThan(200 * (16 + 32 + 16))
})

test('an expression gives all its memory back, whatever it was used for', () => {
  const leaks = [
    ['^ab?', 'ab'],
    ['^abc$', 'abc'],
    ['[a-d]\\b(?:ef)+|x$', 'abcd efef'],
    [`${STATEFUL}$`, randomText(5000, 1)],
  ].map(([source, text]) =>
    engine.leakOf(() => {
      using regex = engine.compile(source!)
      regex.matches(text!)
    }),
  )
  expect(leaks).toEqual([0, 0, 0, 0])
})

test('a pattern that is refused leaves nothing behind', () => {
  const broken = ['a(b', '[z-a]', 'a**', '\\udc00', 'a{1001}', '(?<n', ')', 'a'.repeat(4097)]
  const large = [signs(251).join(''), byBits(254), '(?:a{1000}){9}', '(?:(?:){1000}){50}']
  for (const source of [...broken, ...large, Buffer.from([0xff])]) {
    expect(
      engine.leakOf(() => void expect(refused(source)).not.toBeNull()),
      String(source),
    ).toBe(0)
  }
})

/** Larger sets of instructions, so that fewer of them are as many bytes. */
const LARGE = `${STATEFUL}(?:c|(?:d{1000}){7})`

test('an expression keeps 64 KiB of states at most', () => {
  const text = randomText(9000, 3)
  using other = engine.compile('x')
  other.matches(text)
  for (const source of [`${STATEFUL}$`, LARGE]) {
    using regex = engine.compile(source)
    const before = engine.heldBytes
    regex.matches('b')
    expect(engine.heldBytes - before).toBeLessThan(regex.bytes)
    regex.matches(text)
    expect(engine.heldBytes - before).toBe(64 * 1024 + 8)
  }
})

test('ways that lead to the same instructions lead to one state', () => {
  for (let count = 10; count < 18; count++) {
    const letters = signs(count)
    using regex = engine.compile(`(?:${letters.join('|')})*x$`)
    regex.matches('一')
    const before = engine.heldBytes
    expect(regex.matches(letters.join(''))).toBe(false)
    expect(engine.heldBytes).toBe(before)
  }
})

test('all expressions share 8 MiB for their states, and stay right when those are used up', async () => {
  engine = await RegexEngine.load()
  for (let round = 0; round < 2; round++) {
    const expressions = Array.from({ length: 140 }, () => engine.compile(LARGE))
    const before = engine.heldBytes
    for (const [index, regex] of expressions.entries()) {
      const text = randomText(100, index + 1)
      expect(regex.matches(`${text}c`)).toBe(text.at(-13) === 'a')
    }
    const states = engine.heldBytes - before
    expect(states).toBeGreaterThan(8 * 2 ** 20 - 2 ** 16)
    expect(states).toBeLessThan(8 * 2 ** 20 + 2 ** 17)
    for (const regex of expressions) regex[Symbol.dispose]()
  }
})

/** All memory but one hole, whose size a spec chooses. */
function withLittleMemory(use: (leave: (bytes: number, then: () => void) => void) => void): void {
  const most = 64 * 1024
  const island = engine.allocate(most)
  const taken: number[] = []
  for (let size = 1 << 29; size >= 32; size /= 2) {
    for (let block = engine.allocate(size); block; block = engine.allocate(size)) taken.push(block)
  }
  engine.release(island)
  try {
    use((bytes, then) => {
      const rest = engine.allocate(most - bytes)
      then()
      engine.release(rest)
    })
  } finally {
    for (const block of taken) engine.release(block)
  }
}

test('with little memory left an expression is compiled and right, or refused', async () => {
  engine = await RegexEngine.load()
  const sources = [
    ...Array.from({ length: 14 }, (_, i) => 'bcdefghijklmno'.slice(0, i)),
    'ab?c',
    '^abc$',
    '\\bab',
    '[a-d][^x]{20}|y',
    `^[${signs(40).join('')}]*x`,
  ]
  const texts = ['abc', 'xab', '', 'aa', `${'y'.repeat(3)}${signs(1)[0]}x`]
  const expected = sources.map((source) => texts.map((text) => new RegExp(source, 'u').test(text)))
  for (const source of sources) engine.compile(source)[Symbol.dispose]()
  const seen = new Set<string>()

  const tryAll = (bytes: number) => {
    for (const [index, source] of sources.entries()) {
      try {
        using regex = engine.compile(source)
        for (const [at, text] of texts.entries()) {
          const found = regex.matches(text)
          seen.add(String(found))
          expect(found, `${source} ${text} ${bytes}`).toBe(expected[index]?.[at])
        }
      } catch (error) {
        const { message } = error as Error
        expect(message).toMatch(
          /^(the pattern is too large at \d+|there is no memory for the pattern at 0)$/,
        )
        seen.add(message.replace(/ at .*/, ''))
      }
    }
  }

  withLittleMemory((leave) => {
    for (let bytes = 0; bytes < 8192; bytes += 56) leave(bytes, () => tryAll(bytes))
  })

  expect(seen).toEqual(
    new Set(['true', 'false', 'the pattern is too large', 'there is no memory for the pattern']),
  )
  for (const [index, source] of sources.entries()) {
    using regex = engine.compile(source)
    expect(texts.map((text) => regex.matches(text))).toEqual(expected[index])
  }
})

test('without memory for its first states an expression says that it cannot tell, and can tell later', async () => {
  engine = await RegexEngine.load()
  const regex = engine.compile('(?:ab|c)d\\b')

  withLittleMemory((leave) => {
    leave(64, () => {
      expect(regex.matches('xabd')).toBeUndefined()
      expect(regex.matches('')).toBeUndefined()
    })
    leave(1200, () => {
      expect(regex.matches('xabd')).toBe(true)
      expect(regex.matches('xabdd')).toBe(false)
    })
  })
})

test('an expression whose states have little room is right about texts that lead to many', async () => {
  engine = await RegexEngine.load()
  const regex = engine.compile(`${STATEFUL}$`)

  withLittleMemory((leave) => {
    leave(3000, () => {
      for (let seed = 1; seed < 40; seed++) {
        const text = randomText(seed * 9, seed)
        expect(regex.matches(text), String(seed)).toBe(text.at(-13) === 'a')
      }
    })
  })
})

test('an expression of which hardly any state fits is right about texts that lead to many', async () => {
  engine = await RegexEngine.load()
  const source = `(?:a|b)*a(?:a|b){4}[^${signs(120).join('')}]?${signs(120)
    .map((sign) => `${sign}?`)
    .join('')}$`
  const regex = engine.compile(source)
  const inV8 = new RegExp(source, 'u')

  withLittleMemory((leave) => {
    leave(3000, () => {
      for (let seed = 1; seed < 120; seed++) {
        const text = randomText(seed, seed)
        expect(regex.matches(text), text).toBe(inV8.test(text))
      }
    })
  })
})
