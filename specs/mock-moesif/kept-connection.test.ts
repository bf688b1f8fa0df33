import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'

test('a connection that is kept for many delayed answers gathers no listeners', async () => {
  await using moesif = await startMockMoesif()
  await moesif.application('kept').faults.add({ delayMs: 1 })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const warnings: string[] = []
  const note = ({ message }: Error): void => void warnings.push(message)
  process.on('warning', note)

  const post = async (): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const outgoing = request(`${moesif.url}/v1/events`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'kept' },
    })
    outgoing.once('error', reject).once('response', (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
    outgoing.end('{"request":{"time":"2026-01-31T12:00:00Z","uri":"http://a/","verb":"GET"}}')
    return await promise
  }
  for (let n = 0; n < 15; n++) expect(await post()).toBeLessThan(500)

  process.off('warning', note)
  agent.destroy()
  expect(warnings).toEqual([])
})
