import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

export interface Load {
  url: string
  /** Bodies to send, in turn. Ids in them repeat: the store marks those as duplicates, which is its dearest case. */
  bodies: Buffer[]
  connections: number
  seconds: number
  /** Posts per second at most; unlimited by default. */
  perSecond?: number
}

/** Posts batches for a while and returns how many were answered 201. */
export async function post({
  url,
  bodies,
  connections,
  seconds,
  perSecond,
}: Load): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const end = performance.now() + seconds * 1000
  const started = performance.now()
  let sent = 0
  let answered = 0
  const worker = async () => {
    while (performance.now() < end) {
      const turn = sent++
      if (perSecond !== undefined) {
        const due = started + (turn / perSecond) * 1000
        const wait = due - performance.now()
        if (wait > 0) await delay(wait)
      }
      if ((await postOne(agent, url, bodies[turn % bodies.length]!)) === 201) answered++
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
  return answered
}

export function postOne(agent: Agent, url: string, body: Buffer): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const outgoing = request(
    `${url}/v1/events/batch`,
    {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/json',
        'content-length': body.byteLength,
        'x-moesif-application-id': 'bench',
      },
    },
    (incoming) => {
      incoming.resume()
      incoming.once('end', () => resolve(incoming.statusCode ?? 0))
    },
  )
  outgoing.once('error', reject)
  outgoing.end(body)
  return promise
}
