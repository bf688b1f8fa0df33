import { expect, test } from 'vitest'
import { startWith, type Rule } from './support/documents.ts'

const variables = [{ name: '0', path: 'body.plan' }]

/** What a rule for the user ann answers. */
async function answer(
  response: NonNullable<Rule['response']>,
  values?: Record<string, string>,
  rule: Partial<Rule> = { variables },
): Promise<{ body: unknown; headers: Record<string, string>; status: number }> {
  const emulator = await startWith({
    config: {
      user_rules: {
        ann: [
          { rules: 'other', values: { '0': 'wrong' } },
          { rules: 'r', ...(values && { values }) },
        ],
      },
    },
    rules: [
      { _id: 'r', type: 'user', block: true, ...rule, response: { status: 429, ...response } },
    ],
  })
  const { localReply } = emulator.worker(0).exchange({ request: { headers: { 'x-user': 'ann' } } })
  expect(emulator.traps).toEqual([])
  if (!localReply) throw new Error('not refused')
  return {
    status: localReply.status,
    body: JSON.parse(Buffer.from(localReply.body).toString()),
    headers: Object.fromEntries(
      [...localReply.headers].map((pair) => pair.map((bytes) => Buffer.from(bytes).toString())),
    ),
  }
}

test('fills in values in headers, and in texts of the body at any depth, not in keys', async () => {
  const { body, headers } = await answer(
    {
      headers: { 'x-plan': 'plan {{0}}' },
      body: { '{{0}}': 'a {{0}} b {{0}}', list: [1, null, ['{{0}}', { deep: '{{0}}!' }]] },
    },
    { '0': 'Free' },
  )

  expect(headers['x-plan']).toBe('plan Free')
  expect(body).toEqual({ '{{0}}': 'a Free b Free', list: [1, null, ['Free', { deep: 'Free!' }]] })
})

test('takes the default, else UNKNOWN, where there is no value', async () => {
  const texts = ['{{0}}', '{{0|gold}}', '{{none|a b: c}}', '{{none}}', '{{empty|e}}']

  expect((await answer({ body: texts }, { '0': 'x', empty: '' })).body).toEqual([
    'x',
    'x',
    'a b: c',
    'UNKNOWN',
    'e',
  ])
  expect((await answer({ body: texts })).body).toEqual([
    'UNKNOWN',
    'gold',
    'a b: c',
    'UNKNOWN',
    'e',
  ])
})

test('takes for text what is no template', async () => {
  const texts = ['{{}}', '{{a', '{{a}', '{ {0}}', '{{{0}}}', '{{0|}}', '{{a{b}}', '}}{{', '{{', '{']

  expect((await answer({ body: texts }, { '0': 'x' })).body).toEqual([
    '{{}}',
    '{{a',
    '{{a}',
    '{ {0}}',
    '{x}',
    '{{0|}}',
    '{{a{b}}',
    '}}{{',
    '{{',
    '{',
  ])
})

test('leaves a template of a rule without variables as it is, unless there is a value', async () => {
  const { body } = await answer({ body: '{{0}} {{1}} {{2|two}}' }, { '0': 'x' }, {})

  expect(body).toBe('x {{1}} {{2|two}}')
})

test('escapes a value for JSON, whatever is in it', async () => {
  const value = 'a"b\\c\n\u2028\u0000 </script> 𝄞 {{0}}'

  expect((await answer({ body: { text: '>{{0}}<' } }, { '0': value })).body).toEqual({
    text: `>${value}<`,
  })
})

test('lets no value begin a header of its own', async () => {
  const { headers } = await answer(
    { headers: { 'x-plan': '{{0}}' }, body: '' },
    { '0': 'a\r\nset-cookie: b=1\0\x7f\tc' },
  )

  expect(headers).toEqual({
    'x-plan': 'a  set-cookie: b=1  \tc',
    'content-type': 'application/json',
  })
})

test('keeps a body without templates byte for byte', async () => {
  const body = `{ "a" : [ 1.50, "\\u00e9" ], "b":"c" }`
  const emulator = await startWith({
    rules: `[{"_id":"r","type":"regex","block":true,"response":{"status":403,"body":${body}}}]`,
  })

  const { localReply } = emulator.worker(0).exchange()

  expect(localReply && Buffer.from(localReply.body).toString()).toBe(
    `{ "a" : [ 1.50, "é" ], "b":"c" }`,
  )
})
