import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'

type Rest = typeof import('../rest.ts')

const rest = signal<Rest | null>(null)
const failed = signal(false)
let loading: Promise<void> | undefined

/** Once the page is drawn: a mock that has ended can't be asked for a part of the page. */
export function loadTheRest(): Promise<void> {
  return (loading ??= import('../rest.ts').then(
    (loaded) => void (rest.value = loaded),
    () => {
      failed.value = true
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
    if (failed.value) return <NotLoaded />
    void loadTheRest()
    return null
  }
}

/** The mock has ended, or serves a newer page by now. */
function NotLoaded() {
  return (
    <div class="empty">
      <div>
        <h2>This part of the page could not be loaded</h2>
        <button type="button" onClick={() => location.reload()}>
          Reload the page
        </button>
      </div>
    </div>
  )
}
