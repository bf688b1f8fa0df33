import { CapturedText } from '../text/captured-text.tsx'
import { LongText } from '../text/long-text.tsx'
import { MaskedMark } from '../privacy/masked.tsx'
import { askFor } from './value-menu.tsx'

/** A captured value that can be pressed: to filter by it, to exclude it, to copy it. Its text can be selected as any other. */
export function ValueText(props: {
  value: unknown
  text: string
  /** The field of the query language that asks for it; null when none can. */
  field: string | null
  class?: string
}) {
  const { value, text, field } = props
  const ask = (from: HTMLElement) => askFor(from, field, value)
  return (
    <LongText text={text}>
      <span
        class={`value ${props.class ?? ''}`}
        role="button"
        tabIndex={0}
        aria-haspopup="menu"
        onClick={({ currentTarget }) => {
          if (getSelection()?.isCollapsed !== false) ask(currentTarget)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return
          event.preventDefault()
          event.stopPropagation()
          ask(event.currentTarget)
        }}
      >
        <CapturedText text={text} />
        <MaskedMark text={text} />
      </span>
    </LongText>
  )
}
