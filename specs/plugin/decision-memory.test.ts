import { beforeAll, expect, test } from 'vitest'
import { ConditionRoom } from './support/conditions.ts'
import { when } from './support/documents.ts'

/** All that batches and documents may take, pages of linear memory. */
const MOST_PAGES = (768 * 1024 * 1024) / 65_536
/** Of 64 bytes with its header, the smallest that there is. */
const BLOCK = 64

let room: ConditionRoom
/** All that there is to take is free, and it grows no more. */
let free: number

beforeAll(async () => {
  room = await ConditionRoom.open()
  read()
  const { memory } = room.conditions
  memory.grow(MOST_PAGES - memory.buffer.byteLength / 65_536)
  free = freeBlocks()
})

const many = <T>(count: number, make: (index: number) => T) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`key-${i}`, make(i)]))
const member = (id: string) => [{ rules: id, values: { name: 'value', other: 7 } }]

const CONFIG = JSON.stringify({
  sample_rate: 50,
  user_sample_rate: many(100, (i) => i),
  company_sample_rate: many(60, (i) => i),
  user_rules: many(60, (i) => member(`user-${i % 7}`)),
  company_rules: many(20, (i) => member(`company-${i}`)),
  regex_config: [{ ...when('request.route', '^/rare')[0]!, sample_rate: 10 }],
})

const shared = { block: true, response: { headers: { 'x-a': 'b' }, body: { a: '{{name}}' } } }
const lists = [
  { type: 'regex', regex_config: [...when('request.route', '^/a'), ...when('request.verb', '(')] },
  { type: 'user', applied_to_unidentified: true },
  { type: 'company', applied_to_unidentified: true },
  { type: 'user', applied_to: 'not_matching' },
  { type: 'company', applied_to: 'not_matching' },
]
const RULES = JSON.stringify(
  Array.from({ length: 25 }, (_, i) => ({
    ...shared,
    ...lists[i % 5],
    _id: `${lists[i % 5]!.type}-${i}`,
    priority: -i,
  })),
)

/** 1: the configuration is whole; 2: the rules are. */
function read(rulesFirst = false): number {
  return room.withText(CONFIG, (config) =>
    room.withText(RULES, (rules) => room.conditions.readDocuments(config, rules, rulesFirst)),
  )
}

function freeBlocks(): number {
  const { storeAllocate, storeRelease } = room.conditions
  const blocks: number[] = []
  for (let at = storeAllocate(0); at; at = storeAllocate(0)) blocks.push(at)
  for (const at of blocks) storeRelease(at)
  return blocks.length
}

test('a configuration and rules give back all that they took', () => {
  expect(read()).toBe(3)
  const before = room.conditions.heldMemory()
  read()

  expect(room.conditions.heldMemory()).toBe(before)
  expect(freeBlocks()).toBe(free)
})

test.each([
  ['the configuration', false, [0, 1, 3]],
  ['the rules', true, [0, 2, 3]],
])(
  'whatever memory there is, a document is read whole or not at all, and gives all back: first %s',
  (_, rulesFirst, possible) => {
    const { digestOfConfig, digestOfRules, storeAllocate, storeRelease } = room.conditions
    expect(read(rulesFirst)).toBe(3)
    const whole = [digestOfConfig(), digestOfRules()]
    const outcomes = new Set<number>()
    const before = room.conditions.heldMemory()
    for (let left = 0; left < free; left += left < 40 ? 1 : 23) {
      const held = storeAllocate((free - left) * BLOCK - 8)
      expect(held).not.toBe(0)
      const outcome = read(rulesFirst)
      outcomes.add(outcome)
      if (outcome & 1) expect(digestOfConfig()).toBe(whole[0])
      if (outcome === 3) expect(digestOfRules()).toBe(whole[1])
      storeRelease(held)
    }

    expect(freeBlocks()).toBe(free)
    expect(room.conditions.heldMemory()).toBe(before)
    expect([...outcomes].sort()).toEqual(possible)
    // Where nothing is, nothing was written.
    expect(room.plugin.read(0, 8)).toEqual(Buffer.alloc(8))
  },
)

const rulesOfNumber = (count: number) =>
  `[${'{"_id":"r","type":"regex"},'.repeat(count).slice(0, -1)}]`

test('of a document 65,534 rules are read, and the others are counted as left out', () => {
  const { problemsOfRules } = room.conditions

  expect(room.withText(rulesOfNumber(65_536), problemsOfRules)).toBe(2)
})
