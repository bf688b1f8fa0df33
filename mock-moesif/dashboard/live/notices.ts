import { signal } from '@preact/signals'
import { MockMoesifError } from '#mock-moesif/client/index.ts'

export interface Notice {
  text: string
  tone: 'plain' | 'error'
}

/** The last message: shown at the foot of the page and read out by screen readers. */
export const notice = signal<Notice | null>(null)

let timer: ReturnType<typeof setTimeout> | undefined

export function notify(text: string, tone: Notice['tone'] = 'plain'): void {
  notice.value = { text, tone }
  clearTimeout(timer)
  timer = setTimeout(() => (notice.value = null), tone === 'error' ? 10_000 : 4000)
}

export function messageOf(reason: unknown): string {
  // What the test API advises of its parameters is for those who call it.
  if (reason instanceof MockMoesifError) return reason.reason.replace(/ Add \?.*/, '')
  return reason instanceof Error ? reason.message : String(reason)
}

/** Runs an action and shows its error; the promise never rejects. */
export async function attempt<T>(what: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run()
  } catch (reason) {
    notify(`${what}: ${messageOf(reason)}`, 'error')
    return undefined
  }
}
