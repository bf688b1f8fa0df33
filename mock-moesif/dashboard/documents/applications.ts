import { signal } from '@preact/signals'
import { attempt } from '../live/notices.ts'
import { listApplications } from '../wire/sessions.ts'

/** Stands for all applications that have no document of their own. */
export const anyApplication = '*'

export const applications = signal<string[]>([])

export async function readApplications(): Promise<void> {
  const ids = await attempt('Reading the applications', listApplications)
  if (ids) applications.value = ids
}
