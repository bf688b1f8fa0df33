import { expect, test } from 'vitest'
import { moveUnixSockets } from '#sandbox/own-envoy/unix-sockets.ts'

const pipe = (path: string) => ({ address: { pipe: { path } } })

test('gives Unix sockets of listeners paths of its own, leads what connects to them there, and leaves others', () => {
  const bootstrap = {
    static_resources: {
      listeners: [
        { name: 'a', ...pipe('/run/a.sock'), additionalAddresses: [pipe('@b')] },
        { name: 'tcp', address: { socket_address: { address: '127.0.0.1', port_value: 0 } } },
      ],
      clusters: [
        { name: 'to-a', load_assignment: { endpoints: [pipe('/run/a.sock')] } },
        { name: 'to-service', load_assignment: { endpoints: [pipe('/run/service.sock')] } },
      ],
    },
  }

  moveUnixSockets([bootstrap])

  expect(bootstrap.static_resources.listeners[0]).toEqual({
    name: 'a',
    ...pipe('{{envoy-files}}/listener-0.sock'),
    additionalAddresses: [pipe('{{envoy-files}}/listener-1.sock')],
  })
  expect(bootstrap.static_resources.clusters).toEqual([
    { name: 'to-a', load_assignment: { endpoints: [pipe('{{envoy-files}}/listener-0.sock')] } },
    { name: 'to-service', load_assignment: { endpoints: [pipe('/run/service.sock')] } },
  ])
})
