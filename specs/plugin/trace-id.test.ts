import { expect, test } from 'vitest'
import { eventOf } from './support/plugin-under-test.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

const traceOf = async (traceparent: string | string[]) =>
  (await eventOf({ request: { headers: { traceparent } } })).trace_id

test('is the trace id of traceparent', async () => {
  expect(await traceOf(`00-${TRACE}-${SPAN}-01`)).toBe(TRACE)
})

test('a later version may have more fields', async () => {
  expect(await traceOf(`cc-${TRACE}-${SPAN}-01-what-the-future-brings`)).toBe(TRACE)
})

test.each([
  ['is too short', `00-${TRACE}-${SPAN}-0`],
  ['has more than version 00 allows', `00-${TRACE}-${SPAN}-01-x`],
  ['has the forbidden version', `ff-${TRACE}-${SPAN}-01`],
  ['is in upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['has a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['has a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['has other separators', `00_${TRACE}_${SPAN}_01`],
  ['is not hexadecimal', `00-${TRACE.replace('a', 'x')}-${SPAN}-01`],
])('a traceparent that %s is none', async (_why, traceparent) => {
  expect(await traceOf(traceparent)).toBeUndefined()
})

test('two traceparents are none', async () => {
  const one = `00-${TRACE}-${SPAN}-01`

  expect(await traceOf([one, one])).toBeUndefined()
})
