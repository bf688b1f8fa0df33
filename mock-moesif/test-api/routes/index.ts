import type { Handlers } from '../call.ts'
import { ok } from '../call.ts'
import { openApi } from '../openapi.ts'
import type { Parts } from '../parts.ts'
import { applicationRoutes } from './applications.ts'
import { arrivalRoutes } from './arrivals.ts'
import { controlRoutes } from './control.ts'
import { documentRoutes } from './documents.ts'
import { eventRoutes } from './events.ts'
import { tryRoutes } from './try-it.ts'
import { verifyRoutes } from './verify.ts'

/** The whole test API: a handler for each operation of the contract. */
export function testApiHandlers(parts: Parts): Handlers {
  return {
    'GET /_mock/openapi.json': () => ok(openApi(parts.version)),
    ...eventRoutes(parts),
    ...arrivalRoutes(parts),
    ...applicationRoutes(parts),
    ...documentRoutes(parts),
    ...controlRoutes(parts),
    ...verifyRoutes(parts),
    ...tryRoutes(parts),
  }
}
