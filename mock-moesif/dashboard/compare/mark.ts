import { marked } from '../live/cursor.ts'
import { go } from '../live/address.ts'
import { notify } from '../live/notices.ts'

/** The first event is marked, the second compared with it; the marked one again is unmarked. */
export function markOrCompare(id: number): void {
  const first = marked.peek()
  if (first === null) {
    marked.value = id
    notify(`Event ${id} is marked: open another and press d to compare`)
  } else if (first === id) {
    marked.value = null
  } else {
    marked.value = null
    go({ event: id, compare: first })
  }
}
