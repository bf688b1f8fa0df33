import { Emulator, type Message } from '#sandbox/emulator/index.ts'
import type { HostCase, Outcome, Received } from './host-case.ts'

/** Plays a case in the emulator, as an HTTP/2 client and upstream would. */
export async function outcomeInEmulator(wasm: Uint8Array, one: HostCase): Promise<Outcome> {
  const emulator = await Emulator.load(wasm)
  emulator.configure('-', { rootId: 'root', vmId: 'vm', pluginName: 'scripted' })
  emulator.callouts.answerAlways({ status: 200, body: 'answer', headers: { 'x-answer': 'yes' } })
  emulator.callouts.clusters = new Set(['upstream'])
  emulator.logs.entries.length = 0
  const { body, trailers, response = {} } = one
  const exchange = emulator.worker(0).exchange({
    protocol: 'HTTP/2',
    facts: { clusterName: 'upstream' },
    request: {
      method: body || trailers ? 'POST' : 'GET',
      path: `/${encodeURIComponent(one.name)}`,
      headers: { ...one.headers, 'x-script': one.script.join(';') },
      ...(body && { body }),
      ...(trailers && { trailers }),
    },
    response,
  })
  emulator.advance(1000)
  if (one.leavesAt) exchange.clientLeaves()
  return {
    log: emulator.logs.messages(),
    upstream: received(exchange.upstreamRequest),
    client: received(exchange.response),
  }
}

function received(message: Message | null): Received | null {
  return (
    message && {
      headers: message.headers.toObject(),
      body: Buffer.from(message.body).toString(),
      trailers: message.trailers?.toObject() ?? {},
      complete: message.complete,
    }
  )
}
