import { expect, test } from 'vitest'
import { eventOf } from './support/plugin-under-test.ts'

const addressOf = async (
  headers: Record<string, string | string[]>,
  source: string | null = '198.51.100.9:4242',
) => {
  const event = await eventOf({ request: { headers }, properties: { 'source.address': source } })
  return event.request.ip_address
}

const ORDER = [
  'x-client-ip',
  'x-forwarded-for',
  'cf-connecting-ip',
  'fastly-client-ip',
  'true-client-ip',
  'x-real-ip',
  'x-cluster-client-ip',
  'x-forwarded',
  'forwarded-for',
  'forwarded',
  'x-appengine-user-ip',
]

test("the headers are asked in the order of Moesif's other plugins", async () => {
  for (let first = 0; first < ORDER.length; first++) {
    const rest = ORDER.slice(first).map((name, i) => [name, `192.0.2.${first + i}`])
    expect(await addressOf(Object.fromEntries(rest)), ORDER[first]).toBe(`192.0.2.${first}`)
  }
})

test('without such a header it is the peer, its port taken off', async () => {
  expect(await addressOf({})).toBe('198.51.100.9')
  expect(await addressOf({}, '[2001:db8::7]:443')).toBe('2001:db8::7')
})

test('cf-pseudo-ipv4 is the last resort', async () => {
  expect(await addressOf({ 'cf-pseudo-ipv4': '240.0.0.1' }, null)).toBe('240.0.0.1')
  expect(await addressOf({ 'cf-pseudo-ipv4': '240.0.0.1' })).toBe('198.51.100.9')
})

test('nothing that tells an address: no ip_address', async () => {
  expect(await addressOf({}, null)).toBeUndefined()
  expect(await addressOf({}, '/var/run/envoy.sock')).toBeUndefined()
})

test('of several the first valid one counts', async () => {
  expect(await addressOf({ 'x-forwarded-for': 'unknown, 203.0.113.1, 203.0.113.2' })).toBe(
    '203.0.113.1',
  )
  expect(await addressOf({ 'x-forwarded-for': ['_hidden', '203.0.113.3'] })).toBe('203.0.113.3')
  expect(await addressOf({ 'x-client-ip': 'nobody', 'x-real-ip': '203.0.113.4' })).toBe(
    '203.0.113.4',
  )
})

test.each([
  ['203.0.113.1:8080', '203.0.113.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:DB8:0:0:0:0:0:1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:8443', '2001:db8::1'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ['64:ff9b::192.0.2.33', '64:ff9b::192.0.2.33'],
  ['"203.0.113.9"', '203.0.113.9'],
])('%s is the address %s', async (value, address) => {
  expect(await addressOf({ 'x-real-ip': value })).toBe(address)
})

test.each([
  '',
  '256.1.1.1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.4:',
  '1.2.3.4:port',
  '1.2.3.4:123456',
  '1.2.3.1234',
  '010.0.0.1',
  '10.00.0.1',
  '::ffff:192.0.2.01',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '1:2:3:4:5:6:7',
  '12345::',
  '2001:db8::g',
  '2001:db8::1%eth0',
  ':1',
  '1:',
  '[2001:db8::1',
  '[2001:db8::1]x',
  '[1.2.3.4]',
  'localhost',
  '::1.2.3',
])('%s is no address', async (value) => {
  expect(await addressOf({ 'x-real-ip': value })).toBe('198.51.100.9')
})

test('reads the for= of RFC 7239', async () => {
  const value = 'by=203.0.113.43;FOR="[2001:db8:cafe::17]:4711";proto=http, for=198.51.100.17'

  expect(await addressOf({ forwarded: value })).toBe('2001:db8:cafe::17')
  expect(await addressOf({ forwarded: 'for=_hidden, for=198.51.100.17;proto=https' })).toBe(
    '198.51.100.17',
  )
})
