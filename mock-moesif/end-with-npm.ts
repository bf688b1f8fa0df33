/** How often the parent process is checked. */
const CHECK_MS = 250

/**
 * npm ended by SIGTERM ends its shell, which does not forward the signal. A process that npm started takes the loss of its
 * parent for that signal.
 */
export function endWithNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, CHECK_MS)
  watch.unref()
}
