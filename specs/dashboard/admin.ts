import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands for Envoy's admin: answers `/stats` with the plugin's counters as they are set. */
export interface Admin extends AsyncDisposable {
  url: string
  counters: Record<string, number>
}

export async function startAdmin(counters: Record<string, number>): Promise<Admin> {
  const admin = { counters }
  const server = createServer((_, response) => {
    const stats = Object.entries(admin.counters).map(([name, value]) => ({
      name: `wasmcustom.${name}`,
      value,
    }))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ stats }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(admin, {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

/** A gateway in good health, as the sandbox would register it. */
export const healthy = {
  moesif_events_captured_total: 1204,
  moesif_events_sent_total: 1100,
  moesif_events_unconfirmed_total: 0,
  moesif_events_pending: 84,
  moesif_events_dropped_rejected_total: 20,
  moesif_events_dropped_queue_full_total: 0,
  moesif_batches_sent_total: 12,
  moesif_batches_retried_total: 3,
  moesif_configuration_invalid: 0,
}

export function gatewaySpec(adminUrl: string, options: Record<string, unknown> = {}) {
  return {
    listenerUrl: 'http://localhost:10000',
    adminUrl,
    envoyVersion: '1.40.0',
    options: {
      moesif_application_id: 'secret-id-1234',
      batch_max_size: 50,
      batch_max_wait: 1500,
      ...options,
    },
  }
}
