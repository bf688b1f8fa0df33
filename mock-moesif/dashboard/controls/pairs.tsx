import type { ComponentChildren } from 'preact'
import { visible } from '../text/captured-text.tsx'
import { LongText } from '../text/long-text.tsx'

/** Names and their values. A name may repeat, so the index is the key. */
export function Pairs(props: {
  label?: string
  entries: readonly (readonly [name: string, value: ComponentChildren])[]
}) {
  return (
    <dl class="pairs mono" aria-label={props.label}>
      {props.entries.map(([name, value], index) => (
        <div key={index}>
          <dt>{visible(name)}</dt>
          <dd>{typeof value === 'string' ? <LongText text={value} /> : value}</dd>
        </div>
      ))}
    </dl>
  )
}
