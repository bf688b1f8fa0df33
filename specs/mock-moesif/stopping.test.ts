import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'

const half =
  'POST /v1/events/batch HTTP/1.1\r\nhost: a\r\nx-moesif-application-id: app\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n['

test('notes the requests that a stop cuts off, and says nothing of them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mock-moesif-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const db = join(folder, 'events.db')
  const said = vi.spyOn(console, 'error')
  onTestFinished(() => said.mockRestore())
  const moesif = await startMockMoesif({ db })
  for (let count = 0; count < 5; count++) {
    const socket = connect(moesif.port, '127.0.0.1')
    socket.on('error', () => {})
    onTestFinished(() => void socket.destroy())
    socket.write(half)
    await once(socket, 'connect')
  }
  // Answered after the half requests were taken up.
  await fetch(`${moesif.url}/health/probe`)

  await moesif.stop()

  await using again = await startMockMoesif({ db })
  const requests = await again.application('app').requests()
  expect(said.mock.calls).toEqual([])
  expect(requests.map(({ answer }) => answer)).toEqual(Array.from({ length: 5 }, () => null))
})
