import type { EntityKind } from '../model/entity.ts'

export type Endpoint = {
  /** Below the base path, which may be anything: `/v1/…`, `/collector/v1/…`, `/_moesif/api/v1/…`. */
  path: string
  method: 'GET' | 'POST'
} & (
  | { kind: 'events'; batch: boolean }
  | { kind: 'entities'; entity: EntityKind; batch: boolean }
  | { kind: 'config' }
  | { kind: 'rules' }
  | { kind: 'health' }
)

const entities: EntityKind[] = ['users', 'companies', 'subscriptions', 'actions']

/** What Moesif's collector serves. */
export const endpoints: readonly Endpoint[] = [
  { path: '/v1/events/batch', method: 'POST', kind: 'events', batch: true },
  { path: '/v1/events', method: 'POST', kind: 'events', batch: false },
  { path: '/v1/config', method: 'GET', kind: 'config' },
  { path: '/v1/rules', method: 'GET', kind: 'rules' },
  ...entities.flatMap((entity): Endpoint[] => [
    { path: `/v1/${entity}/batch`, method: 'POST', kind: 'entities', entity, batch: true },
    { path: `/v1/${entity}`, method: 'POST', kind: 'entities', entity, batch: false },
  ]),
  { path: '/health/probe', method: 'GET', kind: 'health' },
]
