import type { ComponentChildren, Key } from 'preact'
import { address, type Address, linkTo } from '../live/address.ts'

/** Goes somewhere on this page, as any link does: Ctrl, or the middle button, opens it in a tab of its own. */
export function Link(props: {
  to: Partial<Address>
  class?: string
  title?: string
  'aria-current'?: 'page' | undefined
  key?: Key
  children: ComponentChildren
}) {
  const { to, ...rest } = props
  // What it keeps of the address changes with it.
  void address.value
  return <a class="link" {...rest} href={linkTo(to)} />
}
