import { effect, signal } from '@preact/signals'
import type { Rule } from '#mock-moesif/client/index.ts'

export type Theme = 'auto' | 'light' | 'dark'

/** A signal that survives a reload. Storage may be forbidden (private windows): then it lasts as long as the page. */
function remembered<T>(name: string, initial: T) {
  const key = `moesif-mock.${name}`
  const value = signal<T>(initial)
  try {
    const stored = localStorage.getItem(key)
    if (stored !== null) value.value = JSON.parse(stored) as T
  } catch {
    // An unreadable value counts as absent.
  }
  let first = true
  effect(() => {
    const text = JSON.stringify(value.value)
    if (!first) {
      try {
        localStorage.setItem(key, text)
      } catch {
        // Storage is not available.
      }
    }
    first = false
  })
  return value
}

export const theme = remembered<Theme>('theme', 'auto')
/** Times are those of UTC, not of where the browser is. */
export const utc = remembered('utc', false)
/** Events are counted with their weight. */
export const weighted = remembered('weighted', false)
/** What the chart over the list shows. */
export const chartMetric = remembered<'events' | 'errors' | 'latency'>('chart', 'events')
/** Rules that were switched off, by application: the collector has no place for them. */
export const rulesOff = remembered<Record<string, Rule[]>>('rules-off', {})
export const rulesOrder = remembered<Record<string, string[]>>('rules-order', {})
export const hiddenColumns = remembered<string[]>('hidden-columns', [])
/** Fields with a column of their own, besides those that each row carries. */
export const memberColumns = remembered<string[]>('member-columns', [])
export const queryHistory = remembered<string[]>('query-history', [])

effect(() => {
  document.documentElement.dataset['theme'] = theme.value
})

export function rememberQuery(query: string): void {
  const text = query.trim()
  if (!text) return
  queryHistory.value = [text, ...queryHistory.peek().filter((other) => other !== text)].slice(0, 20)
}
