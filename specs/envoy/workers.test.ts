import { Agent, request as httpRequest } from 'node:http'
import { expect, test } from 'vitest'
import { Gateway } from '#specs/support/gateway.ts'

test('each of two workers batches for itself and sends its own batch', async () => {
  await using gateway = await Gateway.start({
    listeners: {
      main: {
        plugin: { batch_max_size: 10, batch_max_wait: 500 },
        listener: {
          // Two connections open at once go to different workers for certain.
          raw: { connection_balance_config: { exact_balance: {} } },
        },
      },
    },
    envoy: { concurrency: 2 },
  })
  const { url, application } = gateway.listener('main')
  const connections = [connection(), connection()]

  // Both connections are open before the first answer comes: each stays on its worker.
  for (const phase of ['/delay/200', '/first', '/second']) {
    await Promise.all(connections.map((agent, index) => get(`${url}${phase}?c=${index}`, agent)))
  }

  const events = await application.awaitEvents({ count: 6, exactly: true })
  const batches = Map.groupBy(events, ({ batchId }) => batchId)
  const seen = Array.from(batches.values(), (batch) => new Set(batch.map(connectionOf)))
  // No batch mixes the connections of two workers, and both workers have sent.
  expect(seen.every((connectionsInBatch) => connectionsInBatch.size === 1)).toBe(true)
  expect(new Set(seen.flatMap((one) => Array.from(one)))).toEqual(new Set(['0', '1']))
  for (const agent of connections) agent.destroy()
})

const connectionOf = ({ uri }: { uri: string | null }) => new URL(uri ?? '').searchParams.get('c')

const connection = () => new Agent({ keepAlive: true, maxSockets: 1 })

async function get(url: string, agent: Agent): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    httpRequest(url, { agent }, (response) => response.resume().once('end', resolve))
      .once('error', reject)
      .end()
  })
}
