import { HeaderMap, type MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { startPlugin } from './plugin-under-test.ts'

const request = HeaderMap.from({
  ':authority': 'api.example.com',
  ':path': '/api/v1/things?id=42',
  ':method': 'POST',
  ':scheme': 'http',
  'content-type': 'application/json',
  'user-agent': 'soak',
  'x-user-id': 'user-1',
})
const response = HeaderMap.from({ ':status': '200', 'content-type': 'application/json' })
const body = Buffer.from(JSON.stringify({ items: Array.from({ length: 20 }, (_, id) => ({ id })) }))

export interface SoakResult {
  emulator: MoesifEmulator
  /** Linear memory after the first tenth, and at the end. */
  pagesEarly: number
  pagesLate: number
  /** Every transaction_id differs. */
  uniqueEvents: number
}

/** Runs a number of exchanges, sixteen at a time, 1 ms apart; what was recorded is discarded meanwhile. */
export async function soak(streams: number): Promise<SoakResult> {
  const emulator = await startPlugin({ user_id_header: 'X-User-Id' })
  let pagesEarly = 0
  let uniqueEvents = 0
  for (let count = 0; count < streams; count += 16) {
    if (count >= streams / 10 && pagesEarly === 0) pagesEarly = emulator.memoryPages
    const open = Array.from({ length: Math.min(16, streams - count) }, () =>
      emulator.worker(0).stream(),
    )
    for (const stream of open) stream.requestHeaders(request)
    for (const stream of open) stream.requestBody(body, { endOfStream: true })
    for (const stream of open) stream.responseHeaders(response)
    for (const stream of open) stream.responseBody(body)
    for (const stream of open) stream.end()
    emulator.advance(1)
    uniqueEvents += forget(emulator)
  }
  emulator.advance(5000)
  uniqueEvents += forget(emulator)
  return { emulator, pagesEarly, pagesLate: emulator.memoryPages, uniqueEvents }
}

function forget({ collector }: MoesifEmulator): number {
  const ids = new Set<string>()
  for (const { body: sent } of collector.takeCalls()) {
    const text = Buffer.from(sent).toString('latin1')
    for (const [, id] of text.matchAll(/"transaction_id":"([0-9a-f-]{36})"/g)) if (id) ids.add(id)
  }
  return ids.size
}
