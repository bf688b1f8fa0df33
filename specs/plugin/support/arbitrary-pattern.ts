import * as fc from 'fast-check'

/** What patterns and texts are made of: letters that meet, word and other characters, two to four bytes of UTF-8. */
const CHARACTERS = ['a', 'b', 'B', '_', '7', '-', '/', ' ', '\n', 'é', '€', '\u2028', '𝄞']

const character = fc.constantFrom(...CHARACTERS)
const literal = character.map((char) => (char === '/' || char === '-' ? `\\x${hex(char)}` : char))
const escapes = [
  '\\d',
  '\\D',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '\\.',
  '\\n',
  '\\u20ac',
  '\\x61',
  '(?:\\0)',
]

const member = fc.oneof(
  literal,
  fc.constantFrom('a-b', 'B-b', '\\d', '\\W', '\\s', '\\n', '0-9', 'é-€', '.', '*', '\\x2d'),
)
const characterClass = fc
  .tuple(fc.boolean(), fc.array(member, { minLength: 1, maxLength: 3 }))
  .map(([negated, members]) => `[${negated ? '^' : ''}${members.join('')}]`)

const quantifier = fc.constantFrom('', '', '*', '+', '?', '*?', '{2}', '{1,}', '{0,2}', '{1,3}?')

/** Patterns that mean the same to RE2 and to JavaScript's flag `u`. */
export const pattern: fc.Arbitrary<string> = fc.letrec<{ node: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3 },
    literal,
    fc.constantFrom('.', ...escapes),
    characterClass,
    tie('node').map((node) => `(?:${node})`),
    tie('node').map((node) => `(${node})`),
  ),
  node: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(tie('atom'), quantifier).map((parts) => parts.join('')),
    fc.constantFrom('^', '$', '\\b', '\\B', ''),
    fc.array(tie('node'), { maxLength: 4 }).map((nodes) => nodes.join('')),
    fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((nodes) => `(?:${nodes.join('|')})`),
  ),
})).node

export const text: fc.Arbitrary<string> = fc
  .array(character, { maxLength: 10 })
  .map((characters) => characters.join(''))

/** What a parser stumbles over. */
export const patternSoup: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom(...'ab|()[]{}*+?^$.\\-,:=!<>123dDwWbB'),
  maxLength: 12,
})

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(2, '0')
}
