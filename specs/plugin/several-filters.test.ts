import { expect, test } from 'vitest'
import { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { eventsOf, pluginBytes } from './support/plugin-under-test.ts'

test('two filters in one VM keep their configurations and events apart', async () => {
  const emulator = await MoesifEmulator.load(await pluginBytes())
  const masked = emulator.configure(
    { moesif_application_id: 'first-application', request_header_masks: ['x-secret'] },
    { rootId: 'a' },
  )
  const open = emulator.configure({ moesif_application_id: 'second-application' }, { rootId: 'b' })
  const request = { headers: { 'x-secret': 'shown' } }

  emulator.worker(0).exchange({ request }, masked)
  emulator.worker(0).exchange({ request }, open)

  const events = eventsOf(emulator)
  expect(events.map((event) => event.request.headers['x-secret'])).toEqual([undefined, 'shown'])
  const ids = emulator.collector.calls.map((call) => call.headers['x-moesif-application-id'])
  expect(ids.sort()).toEqual(['first-application', 'second-application'])
})

test('one filter that cannot understand its configuration does not stop the other', async () => {
  const emulator = await MoesifEmulator.load(await pluginBytes())
  const broken = emulator.configure({ debug: true }, { rootId: 'a' })
  const good = emulator.configure({ moesif_application_id: 'good-application' }, { rootId: 'b' })

  emulator.worker(0).exchange({}, broken)
  emulator.worker(0).exchange({}, good)

  expect(eventsOf(emulator)).toHaveLength(1)
})

test('any root_id and vm_id will do, empty ones as Istio gives them too', async () => {
  const emulator = await MoesifEmulator.load(await pluginBytes())
  emulator.configure({ moesif_application_id: 'some-application' }, { rootId: '', vmId: '' })

  emulator.worker(0).exchange()

  expect(eventsOf(emulator)).toHaveLength(1)
})

test('a new configuration holds for new streams, the old one for those that are open', async () => {
  const emulator = await MoesifEmulator.load(await pluginBytes())
  const document = { moesif_application_id: 'some-application' }
  const old = emulator.configure({ ...document, user_id_header: 'x-old' })
  const open = emulator.worker(0).stream()
  const headers = { ':method': 'GET', ':path': '/', ':authority': 'a', 'x-old': 'o', 'x-new': 'n' }
  open.requestHeaders(headers, { endOfStream: true })

  emulator.configure({ ...document, user_id_header: 'x-new' })
  emulator.worker(0).exchange({ request: { headers: { 'x-old': 'o', 'x-new': 'n' } } })
  open.responseHeaders({ ':status': '200' }, { endOfStream: true })
  open.end()
  old.remove()

  expect(
    eventsOf(emulator)
      .map((event) => event.user_id)
      .sort(),
  ).toEqual(['n', 'o'])
})
