import { signal } from '@preact/signals'
import { attempt } from '../live/notices.ts'
import { ask } from '../wire/mock.ts'

/** Stands for all applications that have no document of their own. */
export const anyApplication = '*'

export const applications = signal<string[]>([])

export async function readApplications(): Promise<void> {
  const seen = await attempt('Reading the applications', () => ask('GET /_mock/applications', {}))
  if (seen) applications.value = seen.map(({ applicationId }) => applicationId)
}
