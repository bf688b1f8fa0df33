import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'

const loaders: (() => Promise<void>)[] = []

/** A part of the page that is loaded when it is first shown, or by `loadTheRest`: the list must be there at once. */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const component = signal<ComponentType<Props> | null>(null)
  const failed = signal(false)
  let loading: Promise<void> | undefined
  const loadOnce = () =>
    (loading ??= load().then(
      (loaded) => void (component.value = loaded),
      () => {
        failed.value = true
        loading = undefined
      },
    ))
  loaders.push(loadOnce)
  return (props) => {
    const Loaded = component.value
    if (Loaded) return <Loaded {...props} />
    if (failed.value) return <NotLoaded />
    void loadOnce()
    return null
  }
}

/** Once the page is drawn: a mock that has ended can't be asked for a part of the page. */
export async function loadTheRest(): Promise<void> {
  for (const load of loaders) await load()
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
