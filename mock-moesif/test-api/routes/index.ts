import { openApi } from '../openapi.ts'
import type { Parts } from '../parts.ts'
import type { Route } from '../router.ts'
import { applicationRoutes } from './applications.ts'
import { arrivalRoutes } from './arrivals.ts'
import { controlRoutes } from './control.ts'
import { eventRoutes } from './events.ts'
import { verifyRoutes } from './verify.ts'

/** The whole test API. */
export function testApiRoutes(parts: Parts): Route[] {
  return [
    {
      method: 'GET',
      path: '/_mock/openapi.json',
      handle: () => ({ status: 200, json: openApi(parts.version) }),
    },
    ...eventRoutes(parts),
    ...arrivalRoutes(parts),
    ...applicationRoutes(parts),
    ...controlRoutes(parts),
    ...verifyRoutes(parts),
  ]
}
