import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { sampleEvent } from './sample.ts'

test('a connection that is kept for many delayed answers gathers no listeners', async () => {
  await using moesif = await startMockMoesif()
  await moesif.application('kept').faults.add({ delayMs: 1 })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const warnings: string[] = []
  const note = ({ message }: Error): void => void warnings.push(message)
  process.on('warning', note)

  let reused = 0
  const post = async (): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const outgoing = request(`${moesif.url}/v1/events`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'kept' },
    })
    outgoing.once('error', reject).once('response', (response) => {
      if (outgoing.reusedSocket) reused++
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
    outgoing.end(JSON.stringify(sampleEvent()))
    return await promise
  }
  for (let n = 0; n < 15; n++) expect(await post()).toBe(201)

  process.off('warning', note)
  agent.destroy()
  expect(reused).toBe(14)
  expect(warnings).toEqual([])
})
