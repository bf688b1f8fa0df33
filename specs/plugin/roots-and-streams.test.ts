import { expect, test } from 'vitest'
import { MoesifEmulator, type Stream } from '#sandbox/emulated-plugin/index.ts'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'
import { FIRST_FETCH_MS, block, serve, when } from './support/documents.ts'
import { APPLICATION_ID, eventsOf, pluginBytes, startPlugin } from './support/plugin-under-test.ts'

const request = { ':method': 'POST', ':path': '/', ':authority': 'a', ':scheme': 'http' }
const gauge = 'moesif_configuration_invalid'
const refused = { moesif_application_id: 5 }

const ended = ({ root }: Stream) => root.vm.call('proxy_on_done', root, root.id)

test('a refused configuration counts until five seconds after it was last seen', async () => {
  const scene = await DeliveryScene.open(null)
  const a = scene.configure({})
  scene.configure(refused)

  scene.advance(4899)
  scene.request(1, { plugin: a })
  scene.advance(1)
  expect(scene.metric(gauge)).toBe(1)
  scene.request(1, { plugin: a })
  scene.advance(100)

  expect(scene.metric(gauge)).toBe(0)
})

test('what was in use before a refused configuration came says nothing against it', async () => {
  const scene = await DeliveryScene.open(null)
  const a = scene.configure({})
  scene.request(1, { plugin: a })
  scene.advance(1000)
  scene.configure(refused)

  scene.advance(60_000)

  expect(scene.metric(gauge)).toBe(1)
})

test('a configuration whose streams outlive it is not taken for a refused one', async () => {
  const scene = await DeliveryScene.open(null)
  scene.configure({})
  const a = scene.configure({ debug: true })
  const stream = scene.emulator.worker(0).stream(a)
  stream.requestHeaders(request)
  ended(stream)
  const b = scene.configure(refused)
  expect(scene.metric(gauge)).toBe(1)

  b.remove()

  expect(scene.metric(gauge)).toBe(0)
  stream.end()
})

test('while all is well nothing is said again', async () => {
  const scene = await DeliveryScene.open({ batch_max_wait: 60_000 })
  scene.emulator.hostCalls.reset()
  for (let i = 0; i < 5; i++) {
    scene.request(1)
    scene.advance(100)
  }

  expect(scene.emulator.hostCalls.of('proxy_record_metric').calls).toBe(0)
})

test('a root that is configured again begins anew, and counts what it had', async () => {
  const emulator = await startPlugin({ skip: when('request.route', '^/health') })
  const worker = emulator.worker(0)
  worker.exchange()
  const root = worker.root()!
  const stream = worker.stream()
  stream.requestHeaders(request)

  // The document can be read in on_configure of a root that is loaded only: here there is none.
  expect(root.vm.call('proxy_on_configure', root, root.id, 0)).toBe(1)
  stream.end()
  worker.exchange()
  emulator.advance(3000)

  expect(emulator.traps).toEqual([])
  expect(emulator.collector.calls).toEqual([])
  expect(emulator.metrics.get(gauge)).toBe(1)
  expect(emulator.metrics.toObject()).toMatchObject({
    moesif_events_captured_total: 1,
    moesif_events_dropped_shutdown_total: 1,
    moesif_events_pending: 0,
  })
  expect(root.vm.call('proxy_on_done', root, root.id)).toBe(1)
})

/** As a pointer it leads out of all memory. */
const USED = 0xf5

/** Streams whose bodies take all that is free, and give it back. */
function useMemory(emulator: MoesifEmulator, plugin: ReturnType<MoesifEmulator['configure']>) {
  const streams = Array.from({ length: 200 }, () => emulator.worker(0).stream(plugin))
  for (const [index, stream] of streams.entries()) {
    stream.requestHeaders(request)
    stream.requestBody(Buffer.alloc(index * 3, USED), { endOfStream: true })
  }
  for (const stream of streams) stream.end()
}

test('a stream whose root is gone finds nothing of it, whatever has taken its memory', async () => {
  const emulator = await MoesifEmulator.load(await pluginBytes())
  const other = emulator.configure({ moesif_application_id: APPLICATION_ID }, { rootId: 'other' })
  const skip = when('request.route', '^/health')
  const plugin = emulator.configure(
    { moesif_application_id: APPLICATION_ID, enable_governance: true, skip },
    { rootId: 'ends' },
  )
  serve(emulator, {
    config: { sample_rate: 50 },
    rules: [block({ _id: 'r', regex_config: when('request.body.a', 'b') })],
  })
  emulator.advance(FIRST_FETCH_MS)
  const json = { ...request, 'content-type': 'application/json' }
  const [held, early, marked] = [0, 1, 2].map(() => emulator.worker(0).stream(plugin))
  held!.requestHeaders(json)
  held!.requestBody('{"a":')
  // The context exists, and nothing has passed.
  early!.responseTrailers({})
  marked!.requestHeaders(request)
  ended(held!)
  useMemory(emulator, other)

  expect(held!.requestBody('"b"}', { endOfStream: true })).toBe(0)
  expect(early!.requestHeaders(json)).toBe(0)
  expect(early!.requestBody('{}', { endOfStream: true })).toBe(0)
  for (const stream of [held!, early!, marked!]) {
    stream.responseHeaders({ ':status': '200' })
    stream.responseBody('x')
    stream.end()
  }
  useMemory(emulator, other)

  expect(emulator.traps).toEqual([])
  expect(held!.localResponse).toBeNull()
})

test('roots of one VM end in any order, and those that are left go on', async () => {
  const orders = [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [1, 3, 0, 2],
    [2, 0, 3, 1],
  ]
  for (const order of orders) {
    const emulator = await MoesifEmulator.load(await pluginBytes())
    const plugins = [0, 1, 2, 3].map((id) =>
      emulator.configure({ moesif_application_id: `application-${id}` }, { rootId: `${id}` }),
    )
    const outliving = plugins.map((plugin) => emulator.worker(0).stream(plugin))
    for (const stream of outliving) stream.requestHeaders(request)
    const left = new Set([0, 1, 2, 3])
    for (const id of order) {
      plugins[id]!.remove()
      left.delete(id)
      for (const other of left) emulator.worker(0).exchange({}, plugins[other])
    }
    for (const stream of outliving) stream.end()
    emulator.advance(5000)

    expect(emulator.traps).toEqual([])
    expect(emulator.metrics.get('moesif_events_pending')).toBe(0)
    const captured = emulator.metrics.get('moesif_events_captured_total')
    expect(captured).toBeGreaterThanOrEqual(3 + 2 + 1)
  }
})

test('streams whose numbers collide in any table are told apart, and each ends once', async () => {
  const emulator = await startPlugin({ batch_max_size: 1000 })
  const first = emulator.worker(0).stream()
  first.requestHeaders({ ...request, ':path': '/first' })
  const { root, vm } = first
  // Multiples of large powers of two and their neighbours, and 0.
  const ids = [0, 1, 2, 3].flatMap((near) => [1, 2, 3, 4, 5].map((turn) => turn * 65_536 + near))
  const numbers = [0, ...ids]
  for (const id of numbers) vm.call('proxy_on_context_create', first, id, root.id)
  const seen = () => numbers.map((id) => vm.call('proxy_on_done', first, id))
  // One after the other goes, from within the rows of those that collide.
  const order = numbers.toSorted((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101))
  for (const id of order) expect(vm.call('proxy_on_done', first, id), `${id}`).toBe(1)
  first.end({ responseHeaders: { ':status': '200' } })

  expect(seen().every((answer) => answer === 1)).toBe(true)
  expect(eventsOf(emulator).map(({ request: { uri } }) => uri)).toEqual(['http://a/first'])
  expect(emulator.traps).toEqual([])
})

test('requests of two configurations that wait are resumed each by whichever tick comes', async () => {
  const emulator = await MoesifEmulator.load(await pluginBytes())
  const plugins = ['a', 'b'].map((rootId) =>
    emulator.configure(
      { moesif_application_id: `application-${rootId}`, enable_governance: true },
      { rootId },
    ),
  )
  serve(emulator, { rules: [block({ _id: 'r', regex_config: when('request.body.a', 'b') })] })
  emulator.advance(FIRST_FETCH_MS)
  const streams = plugins
    .flatMap((plugin) => [plugin, plugin])
    .map((plugin) => emulator.worker(0).stream(plugin))
  for (const stream of streams) {
    stream.requestHeaders({ ...request, 'content-type': 'application/json' })
    stream.requestBody('{'.padEnd(20_000))
  }
  emulator.advance(400)

  expect(streams.map(({ resumed }) => resumed)).toEqual(streams.map(() => ['request']))
  expect(emulator.metrics.get('moesif_governance_failed_open_total')).toBe(4)
  for (const stream of streams) stream.end()
})

test('trailers end a message: nothing is incomplete, and a body may have been shown before', async () => {
  const emulator = await startPlugin()
  const stream = emulator.worker(0).stream()
  stream.requestHeaders(request)
  stream.requestBody('a')
  stream.requestTrailers({ 'x-a': 'b' })
  stream.responseHeaders({ ':status': '200' })
  stream.responseBody('b')
  stream.responseTrailers({ 'x-a': 'b' })
  stream.end()

  expect(eventsOf(emulator)[0]?.metadata).not.toHaveProperty('incomplete')
})
