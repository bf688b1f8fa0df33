import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { patiently } from '../wire/patiently.ts'
import { reconnects } from '../wire/reconnects.ts'

type Rest = typeof import('../rest.ts')

/** False when it could not be loaded. */
const rest = signal<Rest | false | null>(null)
let loading: Promise<void> | undefined

/** Once the page is drawn: a mock that has ended can't be asked for a part of the page. */
export function loadTheRest(): Promise<void> {
  return (loading ??= patiently(() => import('../rest.ts')).then(
    (loaded) => void (rest.value = loaded),
    () => {
      rest.value = false
      loading = undefined
    },
  ))
}

/** A part of the page that is loaded when it is first shown, or by `loadTheRest`: the list must be there at once. */
export function lazy<Props extends object>(
  pick: (loaded: Rest) => ComponentType<Props>,
): ComponentType<Props> {
  return (props) => {
    if (rest.value) {
      const Loaded = pick(rest.value)
      return <Loaded {...props} />
    }
    // Again when the mock is back; it may serve a newer page by then.
    void reconnects.value
    void loadTheRest()
    if (rest.value === null) return null
    return <p class="empty">Reload the page: this part could not be loaded.</p>
  }
}
