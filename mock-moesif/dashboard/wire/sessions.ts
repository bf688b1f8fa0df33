import { ask, askJson } from './request.ts'
import { search } from './test-api.ts'

/** Documents of an application, and what concerns a session as a whole: reset, export, import, forward. */
export type DocumentKind = 'config' | 'rules'

/** Ids of all applications that ever sent something. */
export async function listApplications(): Promise<string[]> {
  const applications = await askJson<{ applicationId: string }[]>('/_mock/applications')
  return applications.map(({ applicationId }) => applicationId)
}

export function readDocument(application: string, kind: DocumentKind): Promise<unknown> {
  return askJson(documentPath(application, kind))
}

export async function putDocument(
  application: string,
  kind: DocumentKind,
  document: unknown,
): Promise<void> {
  await ask(documentPath(application, kind), { method: 'PUT', json: document })
}

function documentPath(app: string, kind: DocumentKind): string {
  return `/_mock/${kind}${search({ app })}`
}

/** Deletes what arrived of one application, and its faults and documents. */
export async function resetApplication(application: string): Promise<void> {
  await ask(`/_mock/applications/${encodeURIComponent(application)}`, { method: 'DELETE' })
}

export function exportUrl(format: 'ndjson' | 'har', filter: string): string {
  return `/_mock/events/export${search({ format, filter })}`
}

/** Takes what an export gave, or bare events for `app`. */
export function importEvents(file: Blob, app: string): Promise<{ imported: number }> {
  const path = `/_mock/events/import${search({ app })}`
  return askJson(path, { method: 'POST', body: file, type: 'application/x-ndjson' })
}

export interface Forwarding {
  /** `*` for all that have none of their own. */
  applicationId: string
  url: string
  /** The application id to send there. */
  forwardAs: string
}

export function listForwarding(): Promise<Forwarding[]> {
  return askJson('/_mock/forward')
}

export async function forwardTo(
  app: string,
  target: { url: string; forwardAs: string },
): Promise<void> {
  await ask(`/_mock/forward${search({ app })}`, { method: 'PUT', json: target })
}

export async function stopForwarding(app: string): Promise<void> {
  await ask(`/_mock/forward${search({ app })}`, { method: 'DELETE' })
}
