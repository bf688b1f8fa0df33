import { afterAll, beforeAll, expect, test } from 'vitest'
import { Gateway } from '#specs/support/gateway.ts'
import { eventWithHeaders } from '#specs/support/marked-event.ts'

const soon = { batch_max_size: 1 }

let gateway: Gateway<'both' | 'user' | 'company' | 'none'>

beforeAll(async () => {
  gateway = await Gateway.start({
    listeners: {
      both: { plugin: { ...soon, user_id_header: 'X-User-Id', company_id_header: 'x-company-id' } },
      user: { plugin: { ...soon, user_id_header: 'X-User-Id' } },
      company: { plugin: { ...soon, company_id_header: 'X-Company-Id' } },
      none: { plugin: soon },
    },
  })
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

type ListenerName = 'both' | 'user' | 'company' | 'none'

async function identify(name: ListenerName, headers: Record<string, string | string[]>) {
  const { event } = await eventWithHeaders(gateway.listener(name), headers)
  return { user_id: event.user_id, company_id: event.company_id }
}

test('both options give user and company', async () => {
  expect(await identify('both', { 'x-user-id': 'u1', 'x-company-id': 'c1' })).toEqual({
    user_id: 'u1',
    company_id: 'c1',
  })
})

test('user_id_header alone gives the user only', async () => {
  expect(await identify('user', { 'x-user-id': 'u1', 'x-company-id': 'c1' })).toEqual({
    user_id: 'u1',
    company_id: undefined,
  })
})

test('company_id_header alone gives the company only', async () => {
  expect(await identify('company', { 'x-user-id': 'u1', 'x-company-id': 'c1' })).toEqual({
    user_id: undefined,
    company_id: 'c1',
  })
})

test('without the options nobody is identified', async () => {
  expect(await identify('none', { 'x-user-id': 'u1', 'x-company-id': 'c1' })).toEqual({
    user_id: undefined,
    company_id: undefined,
  })
})

test('the name of a header is read in any case', async () => {
  expect(await identify('both', { 'X-USER-ID': 'u1', 'X-Company-ID': 'c1' })).toEqual({
    user_id: 'u1',
    company_id: 'c1',
  })
})

test.each([
  ['absent', {}],
  ['empty', { 'x-user-id': '' }],
  ['blank', { 'x-user-id': '  ' }],
])('an %s header identifies nobody', async (_, headers) => {
  expect((await identify('both', headers)).user_id).toBeUndefined()
})

test('of a repeated header the first value that is not empty counts', async () => {
  expect((await identify('both', { 'x-user-id': ['', 'u2', 'u3'] })).user_id).toBe('u2')
})
