import { useLayoutEffect } from 'preact/hooks'

export interface Binding {
  /** `KeyboardEvent.key` values, any of which will do. */
  keys: string[]
  run: (event: KeyboardEvent) => void
  /** Also while typing in a field (Escape). */
  inFields?: boolean
  /** Only while no control has the focus: keys such as Enter and the arrows belong to the control that has it. */
  unfocused?: boolean
}

const active: Binding[][] = []

/** Keys that hold while the component is on the page. One component a key: which of two comes first changes as they are drawn. */
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

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target !== document.body && target.localName !== 'main'
}

addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  // A dialog has its own keys, and Escape closes it.
  if (document.querySelector('dialog[open]')) return
  const typing = isField(event.target)
  const focused = isControl(event.target)
  for (let index = active.length - 1; index >= 0; index--) {
    const binding = active[index]?.find(
      ({ keys, inFields, unfocused }) =>
        keys.includes(event.key) && (!typing || inFields) && !(focused && unfocused),
    )
    if (!binding) continue
    event.preventDefault()
    binding.run(event)
    return
  }
})
