import { Delivery } from './delivery'

/** The deliveries of this VM that take events: roots of one VM share its memory. */
let first: Delivery | null = null

export function enter(delivery: Delivery): void {
  delivery.next = first
  first = delivery
}

export function leave(delivery: Delivery): void {
  if (first == delivery) {
    first = delivery.next
  } else {
    let before = first
    while (before && before.next != delivery) before = before.next
    if (before) before.next = delivery.next
  }
  delivery.next = null
}

/** A delivery that sends to where this one sends: after an update of another option, the one that takes its place. */
export function heirOf(delivery: Delivery): Delivery | null {
  let other = first
  while (other != null) {
    if (other != delivery && other.destination.is(delivery.destination)) return other
    other = other.next
  }
  return null
}
