import { call } from './call.ts'
import type { Transport } from './transport.ts'

/** The documents that the collector serves to an application, or without one to all that have none of their own. */
export function documentsOf(transport: Transport, app?: string) {
  const query = { app }
  return {
    config: {
      get: (): Promise<unknown> => call(transport, 'GET /_mock/config', { query }),
      put: (document: unknown): Promise<unknown> =>
        call(transport, 'PUT /_mock/config', {
          query,
          body: document as Record<string, unknown>,
        }),
      /** JSON merge patch: null removes a member. */
      patch: (change: unknown): Promise<unknown> =>
        call(transport, 'PATCH /_mock/config', {
          query,
          body: change as Record<string, unknown>,
        }),
    },
    rules: {
      get: (): Promise<unknown> => call(transport, 'GET /_mock/rules', { query }),
      put: (document: unknown): Promise<unknown> =>
        call(transport, 'PUT /_mock/rules', { query, body: document as unknown[] }),
      patch: (change: unknown): Promise<unknown> =>
        call(transport, 'PATCH /_mock/rules', { query, body: change as unknown[] }),
    },
  }
}
