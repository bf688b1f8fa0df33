import { expect, test } from 'vitest'
import type { HeaderInput } from '#sandbox/emulated-plugin/index.ts'
import { eventOf } from './support/plugin-under-test.ts'

const userOf = async (request: HeaderInput, response: HeaderInput = {}) => {
  const options = { user_id_header: 'X-User-Id' }
  const event = await eventOf(
    { request: { headers: request }, response: { headers: response } },
    options,
  )
  return event.user_id
}

test('takes the user from the header that the option names, in any case', async () => {
  expect(await userOf({ 'x-uSER-id': 'u1' })).toBe('u1')
})

test('a header that is missing, empty or blank is no user', async () => {
  expect(await userOf({})).toBeUndefined()
  expect(await userOf({ 'x-user-id': '' })).toBeUndefined()
  expect(await userOf({ 'x-user-id': ' \t ' })).toBeUndefined()
})

test('of a repeated header the first value that is not blank counts', async () => {
  expect(await userOf({ 'x-user-id': ['', ' ', 'second', 'third'] })).toBe('second')
})

test('blanks around an id do not belong to it', async () => {
  expect(await userOf({ 'x-user-id': '  u 1\t' })).toBe('u 1')
})

test('the response identifies the user only when the request does not', async () => {
  expect(await userOf({}, { 'x-user-id': 'from-response' })).toBe('from-response')
  expect(await userOf({ 'x-user-id': 'u1' }, { 'x-user-id': 'from-response' })).toBe('u1')
})

test('user and company are independent of each other', async () => {
  const request = { headers: { 'x-user-id': 'u1', 'x-company-id': 'c1' } }

  const onlyUser = await eventOf({ request }, { user_id_header: 'x-user-id' })
  const onlyCompany = await eventOf({ request }, { company_id_header: 'X-Company-Id' })
  const none = await eventOf({ request })

  expect([onlyUser.user_id, onlyUser.company_id]).toEqual(['u1', undefined])
  expect([onlyCompany.user_id, onlyCompany.company_id]).toEqual([undefined, 'c1'])
  expect([none.user_id, none.company_id]).toEqual([undefined, undefined])
})

test('an id of bytes that are no UTF-8 is repaired rather than lost', async () => {
  expect(await userOf({ 'x-user-id': Buffer.from([0x75, 0xff, 0x31]) })).toBe('u\ufffd1')
})

test('a masked header still identifies, but is not shown', async () => {
  const options = { user_id_header: 'x-user-id', request_header_masks: ['X-USER-ID'] }

  const event = await eventOf({ request: { headers: { 'x-user-id': 'u1' } } }, options)

  expect(event.user_id).toBe('u1')
  expect(event.request.headers).not.toHaveProperty('x-user-id')
})

test('the api version is the request header x-api-version', async () => {
  const event = await eventOf({ request: { headers: { 'X-Api-Version': ' 1.2 ' } } })

  expect(event.request.api_version).toBe('1.2')
})
