/**
 * When the focused element is removed (a button, a row of a table), browsers lose the focus, and the
 * next Tab starts at the top of the page. It goes to the list instead, or to the view.
 */
export function keepFocus(): void {
  let last: Element | null = null
  addEventListener('focusin', (event) => {
    last = event.target instanceof Element ? event.target : null
  })
  new MutationObserver(() => {
    if (!last || last.isConnected || document.activeElement !== document.body) return
    last = null
    const main = document.querySelector('main')
    main?.setAttribute('tabindex', '-1')
    const next = document.querySelector<HTMLElement>('.list') ?? main
    next?.focus({ preventScroll: true })
  }).observe(document.body, { childList: true, subtree: true })
}
