import { expect, test } from 'vitest'
import { withLiteralBytes } from '#plugin/build/literals.ts'

test.each([
  ["utf8('ab')", 'constant(memory.data<u8>([97,98,0]), 2)'],
  ["utf8('')", 'constant(memory.data<u8>([0]), 0)'],
  [String.raw`utf8('a\0\'\\')`, 'constant(memory.data<u8>([97,0,39,92,0]), 4)'],
  ["utf8('…')", 'constant(memory.data<u8>([226,128,166,0]), 3)'],
  [
    'headerName(utf8("x"))'.replaceAll('"', "'"),
    'headerName(constant(memory.data<u8>([120,0]), 1))',
  ],
])('%s becomes its bytes', (source, written) => {
  expect(withLiteralBytes(source)).toBe(written)
})

test('the import follows, a module of the same name does not', () => {
  const source = "import { Span, utf8 } from '../memory/span'\nimport { x } from './utf8'"

  expect(withLiteralBytes(source)).toBe(
    "import { Span, constant } from '../memory/span'\nimport { x } from './utf8'",
  )
})

test('lines stay where they are', () => {
  const source = "const A = utf8(\n  'a',\n)\nconst B = 1"

  expect(withLiteralBytes(source).split('\n').indexOf('const B = 1')).toBe(3)
})

test('what is no literal is refused', () => {
  expect(() => withLiteralBytes("utf8('a' + b)")).toThrow("utf8('a' + b)")
})
