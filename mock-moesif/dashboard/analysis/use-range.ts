import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'

/** A range that is chosen by dragging over places side by side. */
export function useRange(count: number, onChosen: (first: number, last: number) => void) {
  const place = useRef<HTMLDivElement>(null)
  const drag = useSignal<{ from: number; to: number } | null>(null)
  const indexAt = (event: PointerEvent) => {
    const box = place.current?.getBoundingClientRect()
    if (!box || box.width === 0) return 0
    const at = Math.floor(((event.clientX - box.left) / box.width) * count)
    return Math.max(0, Math.min(count - 1, at))
  }
  const range = () => {
    const { from, to } = drag.value ?? { from: -1, to: -1 }
    return { first: Math.min(from, to), last: Math.max(from, to) }
  }
  return {
    place,
    indexAt,
    /** Both -1 while nothing is dragged. */
    ...range(),
    handlers: {
      onPointerDown(event: PointerEvent) {
        if (event.button !== 0 || count === 0) return
        // Otherwise the browser selects text, and the next drag moves it.
        event.preventDefault()
        place.current?.setPointerCapture(event.pointerId)
        drag.value = { from: indexAt(event), to: indexAt(event) }
      },
      onPointerMove(event: PointerEvent) {
        if (drag.value) drag.value = { ...drag.value, to: indexAt(event) }
      },
      onPointerCancel() {
        drag.value = null
      },
      onPointerUp() {
        const { first, last } = range()
        drag.value = null
        if (first >= 0) onChosen(first, last)
      },
    },
  }
}
