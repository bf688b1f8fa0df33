import { expect, test } from 'vitest'
import { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { pluginBytes, APPLICATION_ID } from './support/plugin-under-test.ts'

const body = (letter: string) => letter.repeat(40_000)

test('an event that grows while it is written leaves the bodies of other exchanges as they are', async () => {
  const emulator = await MoesifEmulator.load(await pluginBytes())
  const plugin = emulator.configure({ moesif_application_id: APPLICATION_ID })
  const worker = emulator.worker(0)
  const text = { 'content-type': 'text/plain' }
  // The first event of the worker gives the writer its memory; what others hold follows it.
  worker.exchange({ response: { headers: text, body: 'first' } }, plugin)
  const open = Array.from('abcdef', (letter) => {
    const stream = worker.stream(plugin)
    stream.requestHeaders({ ':method': 'POST', ':path': `/${letter}`, ...text })
    stream.requestBody(body(letter), { endOfStream: true })
    return stream
  })

  for (const size of [10_000, 50_000, 200_000])
    worker.exchange(
      {
        request: { method: 'POST', headers: text, body: 'x'.repeat(size) },
        response: { headers: text, body: 'y'.repeat(size) },
      },
      plugin,
    )
  for (const stream of open) stream.end()
  emulator.shutDown()

  expect(emulator.traps).toEqual([])
  const sent = emulator.collector.events() as { request: { uri: string; body: string } }[]
  const bodies = sent
    .filter(({ request }) => /\/[a-f]$/.test(request.uri))
    .map(({ request }) => Buffer.from(request.body, 'base64').toString())
  expect(bodies).toEqual(Array.from('abcdef', body))
})
