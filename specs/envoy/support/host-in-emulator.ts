import { Emulator, type Message } from '#sandbox/emulator/index.ts'
import { LIMIT, type HostCase, type Outcome, type Received } from './host-case.ts'

/** Plays a case in the emulator, as a client and an HTTP/2 upstream would. */
export async function outcomeInEmulator(wasm: Uint8Array, one: HostCase): Promise<Outcome> {
  const emulator = await Emulator.load(wasm)
  const names = { rootId: 'root', vmId: 'vm', pluginName: 'scripted' }
  emulator.configure('-', { ...names, ...(one.failure && { failurePolicy: one.failure }) })
  emulator.callouts.answerAlways(
    one.callsAreReset
      ? { reset: true }
      : { status: 200, body: 'answer', headers: { 'x-answer': 'yes' } },
  )
  emulator.callouts.clusters = new Set(['upstream'])
  emulator.logs.entries.length = 0
  const { body, trailers, response = {} } = one
  const exchange = emulator.worker(0).exchange({
    protocol: one.limited ? 'HTTP/1.1' : 'HTTP/2',
    ...(one.limited && { bufferLimit: LIMIT }),
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
  const seen = {
    upstream: received(exchange.upstreamRequest),
    client: received(exchange.response),
  }
  if (!one.failure) return { log: emulator.logs.messages(), ...seen }
  const next = emulator.worker(0).exchange({ protocol: 'HTTP/2', response })
  return { log: [], ...seen, next: received(next.response) }
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
