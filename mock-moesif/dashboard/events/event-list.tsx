import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { address, go, selectedEvent } from '../live/address.ts'
import { amount } from '../text/format.ts'
import { hiddenColumns, memberColumns } from '../live/preferences.ts'
import { valuesDrawn } from '../live/member-values.ts'
import { session } from '../live/session.ts'
import { reconnects } from '../wire/reconnects.ts'
import { useKeys } from '../controls/keys.ts'
import { columns, crowdedOut, gridTemplate, visibleColumns } from '../live/columns.ts'
import { cursor, marked } from '../live/cursor.ts'
import { EventRow } from './event-row.tsx'
import { ColumnHead } from './column-head.tsx'
import { useViewport } from './use-viewport.ts'
import { rowHeight, scrollToShow, windowOf } from './windowed.ts'

const open = (id: number) => {
  cursor.value = id
  go({ event: id, compare: null }, { replace: selectedEvent.peek() !== null })
}

/** Rows stay in place while the pointer is over them, or the keyboard walks through them. */
const hold = () => (session.held.value = true)
const release = () => (session.held.value = false)

/** The live list, newest first. Only the rows in sight are in the document. */
export function EventList() {
  const scroller = useRef<HTMLDivElement>(null)
  /** A row to scroll to once the list is as long as it has to be for that. */
  const revealed = useRef<number | null>(null)
  const pressed = useRef<number | null>(null)
  const { top, height, width } = useViewport(scroller)
  const { list } = session
  const { rows } = list
  void rows.drawn.value
  const count = rows.shown
  const { first, end } = windowOf(count, top, height)
  const hidden = hiddenColumns.value
  const members = memberColumns.value
  const shownColumns = useMemo(
    () => visibleColumns(width || 1200, hidden, members),
    [width, hidden, members],
  )
  useEffect(() => {
    crowdedOut.value = columns.length - hidden.length + members.length - shownColumns.length
  }, [shownColumns])
  const values = members.length > 0 ? valuesDrawn.value : 0
  const template = gridTemplate(shownColumns)
  const opened = selectedEvent.value
  const compared = address.value.compare
  const at = cursor.value

  // With the rows, not after they are painted: what arrives meanwhile would move them.
  useLayoutEffect(() => {
    session.scrolled.value = top > rowHeight / 2
    if (height > 0 && end >= count) void list.loadOlder()
  }, [list, top, height, end >= count, reconnects.value])

  // The cursor follows the open event, however it was opened.
  useEffect(() => {
    if (opened !== null) {
      cursor.value = opened
      show(opened)
    }
  }, [opened, width, list.loaded.value])

  // In another order other rows stand where one was: to the open event, or to the first.
  const { order } = rows
  useLayoutEffect(() => {
    if (opened !== null) show(opened)
    else if (order !== null) scroller.current?.scrollTo({ top: 0 })
  }, [order])

  useLayoutEffect(() => {
    if (revealed.current !== null) show(revealed.current)
    revealed.current = null
  })

  function show(id: number) {
    const element = scroller.current
    const index = rows.indexOf(id)
    if (!element || index < 0) return
    const to = scrollToShow(index, element.scrollTop, element.clientHeight)
    if (to !== null) element.scrollTop = to
  }

  function moveTo(index: number) {
    hold()
    const row = rows.at(Math.max(0, Math.min(rows.shown - 1, index)))
    if (!row) return
    cursor.value = row.id
    revealed.current = row.id
    show(row.id)
    if (selectedEvent.peek() !== null) go({ event: row.id, compare: null }, { replace: true })
  }

  function move(by: number) {
    const from = rows.indexOf(cursor.peek() ?? 0)
    moveTo(
      from < 0
        ? by > 0
          ? Math.floor((scroller.current?.scrollTop ?? 0) / rowHeight)
          : 0
        : from + by,
    )
  }

  /** To the oldest of all that match: those not read yet are read first, unless another key is pressed meanwhile. */
  async function toOldest() {
    moveTo(rows.shown - 1)
    const reached = cursor.peek()
    await list.loadAll(() => cursor.peek() === reached)
    if (cursor.peek() === reached) moveTo(rows.shown - 1)
  }

  // Asked of the element: `height` is that of the last drawing, 0 in the first.
  const page = () =>
    Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - rowHeight) / rowHeight) - 1)
  const moves: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    PageDown: () => move(page()),
    PageUp: () => move(-page()),
    Home: () => moveTo(0),
    End: () => void toOldest(),
    Enter: () => {
      const id = cursor.peek() ?? 0
      if (rows.indexOf(id) >= 0) open(id)
    },
  }
  // Keys that move the cursor bring the focus along, or the Enter that follows would miss the list; not from within an open event.
  const step = (by: number) => {
    if (!document.activeElement?.closest('.detail'))
      scroller.current?.focus({ preventScroll: true })
    move(by)
  }
  useKeys([
    { keys: ['j'], run: () => step(1) },
    { keys: ['k'], run: () => step(-1) },
    {
      keys: Object.keys(moves),
      unfocused: true,
      run: ({ key }) => {
        scroller.current?.focus({ preventScroll: true })
        moves[key]?.()
      },
    },
  ])

  // Elements are reused: rows that scroll or stream out of sight give theirs to those that come in.
  const slots = powerOfTwo(end - first)
  const drawn = []
  for (let index = first; index < end; index++) {
    const row = rows.at(index)
    if (!row) continue
    drawn.push(
      <EventRow
        key={rows.ordinal(index) & (slots - 1)}
        row={row}
        index={index}
        columns={shownColumns}
        values={values}
        active={row.id === at}
        open={row.id === opened}
        marked={row.id === marked.value || row.id === compared}
      />,
    )
  }
  const activeShown = at !== null && document.getElementById(`event-${at}`) !== null

  return (
    <div
      ref={scroller}
      class="list"
      role="grid"
      tabIndex={0}
      aria-label={`Events, ${address.value.sort === null ? 'newest first' : 'sorted'}, ${amount(count)} rows`}
      aria-rowcount={count + 1}
      aria-activedescendant={activeShown ? `event-${at}` : undefined}
      onPointerDown={(event) => (pressed.current = rowOf(event.target))}
      onPointerMove={(event) => {
        if (event.pointerType === 'mouse' && rowOf(event.target) !== null) hold()
      }}
      onPointerLeave={release}
      onBlur={release}
      onClick={(event) => {
        // A link like any other: in a tab of its own, if that is wanted.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
        if (rowOf(event.target) !== null) event.preventDefault()
        // While rows stream in, another one may be under the pointer by the time it is released.
        const id = pressed.current ?? rowOf(event.target)
        pressed.current = null
        if (id !== null) open(id)
      }}
      onKeyDown={(event) => {
        const run = moves[event.key]
        if (!run || event.ctrlKey || event.metaKey || event.altKey) return
        event.preventDefault()
        run()
      }}
      style={{ '--columns': template }}
    >
      <div class="row list-head" role="row" aria-rowindex={1}>
        <span role="columnheader" class="verdict-mark">
          <span class="visually-hidden">Verdict</span>
        </span>
        {shownColumns.map((column) => (
          <ColumnHead key={column.name} column={column} />
        ))}
      </div>
      <div class="list-rows" role="rowgroup" style={{ height: `${count * rowHeight}px` }}>
        {drawn}
      </div>
    </div>
  )
}

function powerOfTwo(atLeast: number): number {
  let power = 32
  while (power < atLeast) power *= 2
  return power
}

function rowOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest('[id^=event-]') : null
  return row ? Number(row.id.slice('event-'.length)) : null
}
