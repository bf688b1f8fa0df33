import { computed, signal } from '@preact/signals'
import type { Application } from '#mock-moesif/client/index.ts'
import { attempt } from '../live/notices.ts'
import { ask } from '../wire/mock.ts'

/** Stands for all applications that have no document of their own. */
export const anyApplication = '*'

/** Null until they are read. */
const seen = signal<Application[] | null>(null)

export const applications = computed(() => (seen.value ?? []).map(({ applicationId: id }) => id))

/** The one that most events are of; null until it is known. */
export const busiestApplication = computed(() => {
  if (!seen.value) return null
  const [most] = seen.value.toSorted((a, b) => b.counts.events - a.counts.events)
  return most?.applicationId ?? anyApplication
})

export async function readApplications(): Promise<void> {
  const read = await attempt('Reading the applications', () => ask('GET /_mock/applications', {}))
  if (read) seen.value = read
}
