import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import '#mock-moesif/matchers/index.ts'
import { sampleEvent, send } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())

test('waits for events', async () => {
  const app = moesif.application('waits')
  const sending = send(moesif.url, [sampleEvent()], app.id)
  await expect(app).toHaveEvents({ where: 'user:u1' })
  await sending
  await expect(app).not.toHaveEvents({ where: 'user:u2', timeout: 1 })
})

test('shows the nearest events and what differs when it fails', async () => {
  const app = moesif.application('shows')
  await send(moesif.url, [sampleEvent()], app.id)

  await expect(
    expect(app).toHaveEvents({ where: 'user:u2 status:200', timeout: 1 }),
  ).rejects.toThrow(
    /Expected 1 event matching user:u2 status:200 .*\nNearest:\n.*\n {4}not user:u2: user is "u1"/,
  )
})

test('sees that nothing came, and shows what did', async () => {
  const app = moesif.application('nothing')
  await expect(app).toHaveNoEvents({ timeout: 10 })
  await send(moesif.url, [sampleEvent()], app.id)

  await expect(expect(app).toHaveNoEvents({ where: 'user:u1' })).rejects.toThrow(
    /Expected no event matching user:u1, got 1 or more:\n {2}#\d+ GET https:/,
  )
})

test('shows what came when more came than was expected', async () => {
  const app = moesif.application('more')
  await send(moesif.url, [sampleEvent(), sampleEvent(), sampleEvent()], app.id)

  await expect(expect(app).toHaveEvents({ count: 1, exactly: true })).rejects.toThrow(
    /Expected exactly 1 event of application more, got 2 or more after \d+ ms\.\n {2}#\d+ GET .*\n {2}#\d+ GET /,
  )
})

test.each(['toHaveEvents', 'toHaveNoEvents'] as const)(
  '%s takes applications only, also under not',
  async (matcher) => {
    for (const other of [moesif, 'waits', {}, null, undefined]) {
      for (const assertion of [expect(other), expect(other).not]) {
        await expect(assertion[matcher](), String(other)).rejects.toThrow(
          `${matcher} takes an application, as moesif.application(id), not `,
        )
      }
    }
  },
)

test('an option that a matcher does not know is an error, also under not', async () => {
  const app = expect(moesif.application('unknown')).not as any

  await expect(app.toHaveEvents({ filter: 'a' })).rejects.toThrow('timeout, not "filter"')
  await expect(app.toHaveNoEvents({ count: 1 })).rejects.toThrow('where, timeout, not "count"')
})
