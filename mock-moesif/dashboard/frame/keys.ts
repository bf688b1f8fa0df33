import { useLayoutEffect } from 'preact/hooks'

export interface Binding {
  /** `KeyboardEvent.key` values, any of which will do. */
  keys: string[]
  run: (event: KeyboardEvent) => void
  /** Also while typing in a field (Escape). */
  inFields?: boolean
}

const active: Binding[][] = []

/** Keys that hold while the component is on the page; what was bound last is asked first. */
export function useKeys(bindings: Binding[]): void {
  // Not a plain effect: keys typed quickly must not fall between two renders.
  useLayoutEffect(() => {
    active.push(bindings)
    return () => {
      active.splice(active.indexOf(bindings), 1)
    }
  })
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  // A dialog has its own keys, and Escape closes it.
  if (document.querySelector('dialog[open]')) return
  const typing = isField(event.target)
  for (let index = active.length - 1; index >= 0; index--) {
    const binding = active[index]?.find(
      ({ keys, inFields }) => keys.includes(event.key) && (!typing || inFields),
    )
    if (!binding) continue
    event.preventDefault()
    binding.run(event)
    return
  }
})
