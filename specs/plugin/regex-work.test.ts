import { beforeAll, expect, test } from 'vitest'
import { RegexEngine } from './support/regex.ts'

let engine: RegexEngine

beforeAll(async () => {
  engine = await RegexEngine.load()
})

test('a text that keeps coming back to the same many states is read to its end, however long it is', () => {
  using regex = engine.compile('^(?:a{600})*b')

  const rounds = 'a'.repeat(600 * 1000)

  expect(regex.matches(`${rounds}b`)).toBe(true)
  expect(regex.matches(`${rounds}ab`)).toBe(false)
})

test('a text whose every character leads to a new state is read for as long as an expression without assertions needs', () => {
  // 7000 instructions: to look for assertions among them would take as long as the step itself.
  using regex = engine.compile('(?:a|b)*a(?:a|b){12}(?:c{1000}){7}')
  let state = 7
  const text = Array.from({ length: 20_000 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 31 ? 'a' : 'b'
  }).join('')

  expect(regex.matches(text)).toBe(false)
})
