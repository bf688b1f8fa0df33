import type { documentOperations } from '../../contract/documents.ts'
import { checkDocument, judgeDocument } from '../../judgement/judge-document.ts'
import { EVERYONE } from '../../model/application.ts'
import type { DocumentKind } from '../../model/documents.ts'
import { BadCall } from '../bad-call.ts'
import { noContent, ok, type Handlers } from '../call.ts'
import type { Parts } from '../parts.ts'
import type { Reply } from '../reply.ts'

interface Writing {
  app?: string
  unchecked?: boolean
}

export function documentRoutes({
  documents,
  judgeExpressions,
}: Parts): Handlers<keyof typeof documentOperations> {
  const served = (kind: DocumentKind, app = EVERYONE): Reply => ({
    status: 200,
    headers: { 'content-type': 'application/json', etag: `"${documents.tag(app, kind)}"` },
    body: documents.text(app, kind),
  })
  const put = (kind: DocumentKind, app = EVERYONE, document: unknown): void => {
    if (documents.put(app, kind, document)) return
    throw new BadCall(
      'The documents of all applications would be more than 64 MiB: forget some with DELETE /_mock/applications/{id}',
      { status: 413 },
    )
  }
  const replaced = (kind: DocumentKind, { app, unchecked }: Writing, document: unknown): Reply => {
    if (unchecked !== true) check(kind, document)
    put(kind, app, document)
    return served(kind, app)
  }
  const patched = (kind: DocumentKind, query: Writing, change: unknown): Reply =>
    replaced(kind, query, documents.patched(query.app ?? EVERYONE, kind, change))
  const rulesOf = (app = EVERYONE) =>
    (JSON.parse(documents.text(app, 'rules')) as unknown[]).map(
      (rule) => rule as { _id?: unknown } | null,
    )

  return {
    'GET /_mock/config': ({ query }) => served('config', query.app),
    'PUT /_mock/config': ({ query, body }) => replaced('config', query, body),
    'PATCH /_mock/config': ({ query, body }) => patched('config', query, body),
    'POST /_mock/config/check': async ({ body }) =>
      ok({ findings: await checkDocument('config', body, judgeExpressions) }),
    'GET /_mock/rules': ({ query }) => served('rules', query.app),
    'PUT /_mock/rules': ({ query, body }) => replaced('rules', query, body),
    'PATCH /_mock/rules': ({ query, body }) => patched('rules', query, body),
    'POST /_mock/rules/check': async ({ body }) =>
      ok({ findings: await checkDocument('rules', body, judgeExpressions) }),
    'POST /_mock/rules': ({ query: { app = EVERYONE }, body }) => {
      const rules = rulesOf(app)
      const at = rules.findIndex((rule) => rule?._id === body._id)
      if (at < 0) rules.push(body)
      else rules[at] = body
      put('rules', app, rules)
      return { status: 201, json: body }
    },
    'DELETE /_mock/rules/{id}': ({ query: { app = EVERYONE }, path: { id } }) => {
      const rules = rulesOf(app)
      const left = rules.filter((rule) => rule?._id !== id)
      if (left.length === rules.length)
        throw new BadCall(`There is no rule "${id}"`, { status: 404 })
      put('rules', app, left)
      return noContent
    },
  }
}

/** Refuses what no client could read. */
function check(kind: DocumentKind, document: unknown): void {
  const problems = judgeDocument(kind, document).filter(({ severity }) => severity === 'error')
  const [first] = problems
  if (!first) return
  const place = first.pointer === '' ? 'the document' : first.pointer
  throw new BadCall(
    `No client could read this: at ${place}, ${first.message}. Add ?unchecked=true to serve it all the same.`,
    { detail: { problems } },
  )
}
