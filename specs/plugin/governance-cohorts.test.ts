import { expect, test } from 'vitest'
import type { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { block, play, startWith, type Rule } from './support/documents.ts'

/** Id of the rule that refused a request of a user of a company; null when it passed. */
function blockerOf(emulator: MoesifEmulator, user: string, company: string): string | null {
  const { localReply } = play(emulator, { headers: { 'x-user': user, 'x-company': company } })
  return localReply && (JSON.parse(Buffer.from(localReply.body).toString()) as string)
}

test('who is in the cohort of a rule for all others is let alone by it, and no one else', async () => {
  const emulator = await startWith({
    config: {
      user_rules: { ann: [{ rules: 'users' }], eve: [{ rules: 'companies' }] },
      company_rules: { acme: [{ rules: 'companies' }], evil: [{ rules: 'users' }] },
    },
    rules: [
      block({ _id: 'users', type: 'user', applied_to: 'not_matching' }),
      block({ _id: 'companies', type: 'company', applied_to: 'not_matching' }),
    ],
  })

  expect(blockerOf(emulator, 'ann', 'acme')).toBeNull()
  expect(blockerOf(emulator, 'ann', 'other')).toBe('companies')
  expect(blockerOf(emulator, 'ann', 'evil')).toBe('companies')
  expect(blockerOf(emulator, 'bob', 'acme')).toBe('users')
  expect(blockerOf(emulator, 'eve', 'acme')).toBe('users')
  expect(blockerOf(emulator, 'ann', '')).toBeNull()
  expect(blockerOf(emulator, '', 'acme')).toBeNull()
})

test('membership in a cohort of the other type means nothing', async () => {
  const emulator = await startWith({
    config: {
      user_rules: { ann: [{ rules: 'company' }, { rules: 'gone' }, { rules: 'user' }] },
      company_rules: { acme: [{ rules: 'user' }, { rules: 'gone' }, { rules: 'company' }] },
    },
    rules: [block({ _id: 'user', type: 'user' }), block({ _id: 'company', type: 'company' })],
  })

  expect(blockerOf(emulator, 'ann', '')).toBe('user')
  expect(blockerOf(emulator, '', 'acme')).toBe('company')
  expect(blockerOf(emulator, 'bob', 'other')).toBeNull()
})

test('rules for the unidentified are for those without a user, or without a company, each by itself', async () => {
  const emulator = await startWith({
    rules: [
      block({ _id: 'no user', type: 'user', applied_to_unidentified: true }),
      block({ _id: 'no company', type: 'company', applied_to_unidentified: true }),
    ],
  })

  expect(blockerOf(emulator, '', '')).toBe('no user')
  expect(blockerOf(emulator, '', 'acme')).toBe('no user')
  expect(blockerOf(emulator, 'ann', '')).toBe('no company')
  expect(blockerOf(emulator, 'ann', 'acme')).toBeNull()
})

test('rules of a type apply in the order of type, priority and place, whatever the order they come in', async () => {
  let seed = 7
  const random = (below: number) => (seed = (Math.imul(seed, 48_271) >>> 0) % 0x7fff_ffff) % below
  const types = ['user', 'company', 'regex'] as const
  for (const count of [1, 2, 3, 5, 8, 64, 150]) {
    const rules = Array.from({ length: count }, (_, i): Rule & { _id: string } => ({
      _id: `r${i}`,
      type: types[random(3)]!,
      applied_to_unidentified: true,
      ...(random(4) > 0 && { priority: random(6) - 2 }),
      response: { headers: { [`x-${i}`]: 'y' } },
    }))
    const rank = (rule: Rule) => [types.indexOf(rule.type), rule.priority ?? Infinity] as const
    const expected = rules.toSorted((a, b) => {
      const [[typeA, priorityA], [typeB, priorityB]] = [rank(a), rank(b)]
      return typeA - typeB || (priorityA === priorityB ? 0 : priorityA - priorityB)
    })
    const emulator = await startWith({ rules })

    const names = [...(play(emulator).response?.headers ?? [])].map(([name]) => String(name))
    expect(names.filter((name) => /^x-\d/.test(name))).toEqual(
      expected.map(({ response }) => Object.keys(response?.headers ?? {})[0]),
    )
  }
})

test('a user may be listed for a rule ever so often', async () => {
  const emulator = await startWith({
    config: { user_rules: { ann: Array.from({ length: 40_000 }, () => ({ rules: 'r' })) } },
    rules: [{ _id: 'r', type: 'user', response: { headers: { 'x-r': 'y' } } }],
  })

  for (let i = 0; i < 2; i++) {
    const { response } = play(emulator, { headers: { 'x-user': 'ann' } })
    expect(response?.headers.text('x-r')).toBe('y')
  }
  expect(emulator.traps).toEqual([])
})
