import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { messageOf } from '../live/notices.ts'
import { reconnects } from '../wire/reconnects.ts'

/** What is read for a component: undefined until it is here; `problem` says why it is not. */
export function useLoaded<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  depends: readonly unknown[],
): { value: Value | undefined; problem: string } {
  const state = useSignal<{ value: Value | undefined; problem: string }>({
    value: undefined,
    problem: '',
  })
  useEffect(() => {
    const closed = new AbortController()
    read(closed.signal).then(
      (value) => {
        if (!closed.signal.aborted) state.value = { value, problem: '' }
        return undefined
      },
      (reason: unknown) => {
        if (!closed.signal.aborted) state.value = { value: undefined, problem: messageOf(reason) }
      },
    )
    return () => closed.abort()
  }, [...depends, reconnects.value])
  return state.value
}
