import { expect, test } from 'vitest'
import { eventOf, startPlugin } from './support/plugin-under-test.ts'

type Headers = Record<string, string | string[]>
const PEER = '198.51.100.9:4242'

const addressBy = async (
  sources: string[] | undefined,
  headers: Headers,
  source: string | null = PEER,
) => {
  const options = sources ? { client_ip_sources: sources } : {}
  const event = await eventOf(
    { request: { headers }, properties: { 'source.address': source } },
    options,
  )
  return event.request.ip_address
}

const addressOf = (headers: Headers) => addressBy(['header:x-real-ip', 'peer'], headers)

test('by default it is what Envoy determined, whatever a client writes into headers', async () => {
  const spoofed = Object.fromEntries(
    ['x-client-ip', 'x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip'].map((name) => [
      name,
      '203.0.113.66',
    ]),
  )

  expect(await addressBy(undefined, spoofed)).toBe('198.51.100.9')
  expect(await addressBy([], spoofed)).toBe('198.51.100.9')
  expect(await addressBy(['peer'], {}, '[2001:db8::7]:443')).toBe('2001:db8::7')
})

test('no source of an address: no ip_address', async () => {
  expect(await addressBy(undefined, {}, null)).toBeUndefined()
  expect(await addressBy(undefined, {}, '/var/run/envoy.sock')).toBeUndefined()
  expect(await addressBy(['header:x-real-ip'], {})).toBeUndefined()
})

test('the first source that gives a valid address counts', async () => {
  const sources = ['header:X-Client-IP', 'header:x-real-ip', 'peer']

  expect(await addressBy(sources, { 'x-client-ip': 'nobody', 'x-real-ip': '203.0.113.4' })).toBe(
    '203.0.113.4',
  )
  expect(await addressBy(sources, { 'x-real-ip': '' })).toBe('198.51.100.9')
})

test('header:NAME takes the first valid address of a header', async () => {
  const sources = ['header:x-forwarded-for']

  expect(await addressBy(sources, { 'x-forwarded-for': 'unknown, 203.0.113.1, 203.0.113.2' })).toBe(
    '203.0.113.1',
  )
  expect(await addressBy(sources, { 'x-forwarded-for': ['_hidden', '203.0.113.3'] })).toBe(
    '203.0.113.3',
  )
})

test.each([
  ['header:x-forwarded-for:1', '192.0.2.3'],
  ['header:x-forwarded-for:2', '192.0.2.2'],
  ['header:x-forwarded-for:3', '192.0.2.1'],
  ['header:x-forwarded-for:4', undefined],
])('%s counts from the right, over repeated headers, too: %s', async (source, address) => {
  expect(await addressBy([source], { 'x-forwarded-for': '192.0.2.1, 192.0.2.2,192.0.2.3' })).toBe(
    address,
  )
  expect(
    await addressBy([source], { 'x-forwarded-for': ['192.0.2.1', '192.0.2.2, 192.0.2.3'] }),
  ).toBe(address)
})

test('what stands further left cannot move the element that is counted', async () => {
  const sources = ['header:x-forwarded-for:2', 'peer']

  for (const lie of ['1.1.1.1, 2.2.2.2,', ',,,', '"1.1.1.1, ', 'x'.repeat(9000)]) {
    const headers = { 'x-forwarded-for': [lie, '192.0.2.7, 10.0.0.1'] }
    expect(await addressBy(sources, headers), lie).toBe('192.0.2.7')
  }
  expect(await addressBy(sources, { 'x-forwarded-for': '192.0.2.7, unknown, 10.0.0.1' })).toBe(
    '198.51.100.9',
  )
})

test.each([
  [['header'], 1],
  [['peer', 'header:x-forwarded-for:0'], 2],
  [['header:x forwarded'], 1],
  [['cookie:address'], 1],
])('a source it cannot read switches capturing off: %j', async (sources, item) => {
  const emulator = await startPlugin({ client_ip_sources: sources })

  expect(emulator.metrics.get('moesif_configuration_invalid')).toBe(1)
  expect(JSON.stringify(emulator.logs)).toContain(`item ${item} cannot be read`)
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

  expect(await addressBy(['header:forwarded'], { forwarded: value })).toBe('2001:db8:cafe::17')
  expect(
    await addressBy(['header:forwarded'], {
      forwarded: 'for=_hidden, for=198.51.100.17;proto=https',
    }),
  ).toBe('198.51.100.17')
})
