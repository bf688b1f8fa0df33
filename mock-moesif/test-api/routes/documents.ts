import type { documentOperations } from '../../contract/documents.ts'
import { EVERYONE } from '../../model/application.ts'
import type { DocumentKind } from '../../store/documents.ts'
import type { Handlers } from '../call.ts'
import type { Parts } from '../parts.ts'
import type { Reply } from '../reply.ts'

export function documentRoutes({ documents }: Parts): Handlers<keyof typeof documentOperations> {
  const served = (kind: DocumentKind, app = EVERYONE): Reply => ({
    status: 200,
    headers: { 'content-type': 'application/json', etag: `"${documents.tag(app, kind)}"` },
    body: documents.text(app, kind),
  })
  const replaced = (kind: DocumentKind, app: string | undefined, document: unknown): Reply => {
    documents.put(app ?? EVERYONE, kind, document)
    return served(kind, app)
  }
  const patched = (kind: DocumentKind, app: string | undefined, change: unknown): Reply => {
    documents.patch(app ?? EVERYONE, kind, change)
    return served(kind, app)
  }
  return {
    'GET /_mock/config': ({ query }) => served('config', query.app),
    'PUT /_mock/config': ({ query, body }) => replaced('config', query.app, body),
    'PATCH /_mock/config': ({ query, body }) => patched('config', query.app, body),
    'GET /_mock/rules': ({ query }) => served('rules', query.app),
    'PUT /_mock/rules': ({ query, body }) => replaced('rules', query.app, body),
    'PATCH /_mock/rules': ({ query, body }) => patched('rules', query.app, body),
  }
}
