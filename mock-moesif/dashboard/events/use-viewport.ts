import { useSignal } from '@preact/signals'
import { type RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

export interface Viewport {
  top: number
  height: number
  width: number
}

/** Scroll position and size of an element, changed at most once a frame. */
export function useViewport(element: RefObject<HTMLElement | null>): Viewport {
  const viewport = useSignal<Viewport>({ top: 0, height: 0, width: 0 })
  useEffect(() => {
    const scroller = element.current
    if (!scroller) return undefined
    let frame = 0
    const read = () => {
      frame = 0
      viewport.value = {
        top: scroller.scrollTop,
        height: scroller.clientHeight,
        width: scroller.clientWidth,
      }
    }
    const request = () => {
      frame ||= requestAnimationFrame(read)
    }
    const observer = new ResizeObserver(request)
    observer.observe(scroller)
    scroller.addEventListener('scroll', request, { passive: true })
    return () => {
      cancelAnimationFrame(frame)
      observer.disconnect()
      scroller.removeEventListener('scroll', request)
    }
  }, [])
  return viewport.value
}
