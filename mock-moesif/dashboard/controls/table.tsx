import type { ComponentChildren } from 'preact'

/** `numeric` columns are set to the right; the titles of `unseen` ones are for screen readers only. */
type Head = string | [title: string, kind: 'numeric' | 'unseen']

/** A table that scrolls by itself when it is wider than the page. */
export function Table(props: {
  label?: string
  card?: boolean
  heads: Head[]
  /** The rows. */
  children: ComponentChildren
}) {
  const { label, card, heads, children } = props
  return (
    <div class={card ? 'table-place card' : 'table-place'}>
      <table class="table" aria-label={label}>
        <thead>
          <tr>
            {heads.map((head) => {
              const [title, kind] = typeof head === 'string' ? [head] : head
              return (
                <th key={title} scope="col" class={kind === 'numeric' ? kind : ''}>
                  {kind === 'unseen' ? <span class="visually-hidden">{title}</span> : title}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
