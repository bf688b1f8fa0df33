import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { CapturedText } from './captured-text.tsx'
import { amount } from './format.ts'

/** Shorter texts are shown as they are. */
const long = 400

/** A captured text of any length: of a long one a few lines, and all of it when that is pressed. */
export function LongText({ text, children }: { text: string; children?: ComponentChildren }) {
  const shown = children ?? <CapturedText text={text} />
  return text.length < long ? <>{shown}</> : <Clipped length={text.length}>{shown}</Clipped>
}

function Clipped({ length, children }: { length: number; children: ComponentChildren }) {
  const whole = useSignal(false)
  return (
    <>
      <span class={whole.value ? '' : 'clipped'}>{children}</span>
      <button type="button" class="link" onClick={() => (whole.value = !whole.value)}>
        {whole.value ? 'Less' : `All ${amount(length)} characters`}
      </button>
    </>
  )
}
