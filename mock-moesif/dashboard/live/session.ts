import { batch, computed, effect, signal, untracked } from '@preact/signals'
import type { BatchSummary, Counts, EventSummary, Fault } from '#mock-moesif/test-api/types.ts'
import { openStream, type StreamMessage } from '../wire/live-stream.ts'
import { listBatches, listEvents } from '../wire/test-api.ts'
import { currentQuery, selectedEvent } from './address.ts'
import { EventRing } from './event-ring.ts'
import { EventRows } from './event-rows.ts'
import { queryProblems } from '../query/problems.ts'

const capacity = 100_000
const pageSize = 1000
/** More than this missed while away: the list is read anew rather than mended. */
const mendable = 10_000
const batchesHeld = 2000
const batchesRead = 500
/** A query is asked when its typing has paused so long: who types a word wants none of the lists on the way. */
const typingPauseMs = 150

export type Connection = 'connecting' | 'live' | 'lost'

export const rows = new EventRows(capacity)
/** A sample of what came by whatever the query is: values to offer while typing one. */
export const seen = new EventRing(2000)
/** Grows with `seen`, for whoever waits for more of it. */
export const seenCount = signal(0)
export const connection = signal<Connection>('connecting')
export const counts = signal<Counts | null>(null)
export const faults = signal<Fault[]>([])
export const batches = signal<BatchSummary[]>([])
/** All events that match the query, when the list was read, and what arrived since. */
export const matching = signal(0)
/** False until the first page of a query is here. */
export const loaded = signal(false)
/** Why the list could not be read. */
export const trouble = signal<string | null>(null)

export const paused = signal(false)
export const scrolled = signal(false)
const frozen = computed(() => paused.value || scrolled.value || selectedEvent.value !== null)

/** The query in force: what is typed, once it has no problems and is not being typed any more. */
const query = signal(currentQuery.peek())
let typing: ReturnType<typeof setTimeout> | undefined

/** Tells late answers of an earlier list from those of this one. */
let generation = 0
/** Rows that arrive while a page is on its way; they follow it. */
let waiting: EventSummary[] | null = null
let older: { next: number | null; busy: boolean } = { next: null, busy: false }
/** The latest event the stream told of, and the latest that the query has been asked about. */
let streamed = 0
let examined = 0
let pulling = false

/** Connects, and keeps the list true to the query for as long as the page is open. */
export function startSession(): void {
  effect(() => {
    const text = currentQuery.value
    clearTimeout(typing)
    if (queryProblems(text).length > 0) return
    typing = setTimeout(() => (query.value = text.trim()), typingPauseMs)
  })
  effect(() => {
    void query.value
    untracked(() => void reload())
  })
  effect(() => {
    const still = frozen.value
    untracked(() => {
      if (still) rows.freeze()
      else if (!rows.thaw()) void reload()
    })
  })
  openStream({
    onOpen: () => {
      connection.value = 'live'
      void mend()
      void readBatches()
    },
    onLost: () => {
      connection.value = 'lost'
    },
    onMessage: take,
  })
}

/** Shows what was held back, from the top. */
export function showNew(): void {
  batch(() => {
    paused.value = false
    if (!rows.showHeldBack()) void reload()
  })
}

/** Reads the next page of older events, if there is one and none is under way. */
export function loadOlder(): void {
  if (older.busy || older.next === null || !loaded.peek()) return
  older.busy = true
  const mine = generation
  void readPage(mine, older.next).finally(() => {
    if (mine === generation) older.busy = false
  })
}

function take(message: StreamMessage): void {
  switch (message.name) {
    case 'events':
      noteSeen(message.data)
      streamed = Math.max(streamed, message.data.at(-1)?.id ?? 0)
      if (query.peek()) void pull()
      else if (waiting) waiting.push(...message.data)
      else addNewer(message.data)
      break
    case 'batches':
      addBatches(message.data)
      break
    case 'counts':
      counts.value = message.data
      break
    case 'faults':
      faults.value = message.data
      break
    case 'skipped':
      void mend()
      break
    case 'reset':
      void reload()
      void readBatches()
  }
}

function addNewer(more: EventSummary[]): void {
  matching.value += rows.addNewer(more)
}

/** Reads the list from its newest page. */
async function reload(): Promise<void> {
  const mine = ++generation
  waiting = []
  older = { next: null, busy: true }
  examined = 0
  loaded.value = false
  await readPage(mine)
  if (mine !== generation) return
  older.busy = false
  flushWaiting()
}

async function readPage(mine: number, before?: number): Promise<void> {
  try {
    const page = await listEvents({
      filter: query.peek(),
      limit: pageSize,
      ...(before !== undefined && { before, uncounted: true }),
    })
    if (mine !== generation) return
    noteSeen(page.items)
    // Until its successor is here the old list stays: no flash of emptiness between two queries.
    if (before === undefined) rows.clear()
    const room = rows.addOlder(page.items)
    older.next = room ? page.next : null
    batch(() => {
      if (page.total !== null) matching.value = page.total
      loaded.value = true
      trouble.value = null
    })
  } catch (reason) {
    if (mine === generation)
      trouble.value = reason instanceof Error ? reason.message : String(reason)
  }
}

/**
 * Closes the gap that a lost connection left. A mock that restarted without a database numbers its events from 1 again: when
 * our newest event is not where it was, everything is read anew.
 */
async function mend(): Promise<void> {
  const newest = rows.ring.newest
  if (!newest || !loaded.peek()) return reload()
  const mine = generation
  waiting ??= []
  const missed: EventSummary[] = []
  let before: number | undefined
  for (;;) {
    const wanted = {
      filter: query.peek(),
      limit: pageSize,
      ...(before !== undefined && { before }),
    }
    const page = await listEvents(wanted).catch(() => null)
    if (mine !== generation) return undefined
    if (!page) break
    missed.push(...page.items.filter((row) => row.id > newest.id))
    if (page.items.find((row) => row.id === newest.id)?.receivedAt === newest.receivedAt) {
      addNewer(missed.toReversed())
      matching.value = page.total ?? matching.value
      break
    }
    const passed = page.next === null || page.items.some((row) => row.id <= newest.id)
    if (passed || missed.length > mendable) return reload()
    before = page.next ?? undefined
  }
  flushWaiting()
  return undefined
}

function flushWaiting(): void {
  const late = waiting ?? []
  waiting = null
  if (query.peek()) void pull()
  else addNewer(late)
}

/** The stream carries every event; which of them match a query (of bodies, too) is asked of the mock, one call at a time. */
async function pull(): Promise<void> {
  if (pulling || waiting) return
  pulling = true
  const mine = generation
  for (;;) {
    const target = streamed
    if (examined >= target) break
    const after = Math.max(examined, rows.ring.newest?.id ?? 0)
    const page = await listEvents({
      filter: query.peek(),
      after,
      limit: pageSize,
      uncounted: true,
    }).catch(() => null)
    if (!page || mine !== generation || waiting) break
    addNewer(page.items)
    examined = page.next === null ? target : (page.items.at(-1)?.id ?? target)
  }
  pulling = false
  if (mine !== generation) void pull()
}

function addBatches(more: BatchSummary[]): void {
  const held = batches.peek()
  const newest = held[0]?.id ?? 0
  const fresh = more.filter((one) => one.id > newest).toReversed()
  batches.value = [...fresh, ...held].slice(0, batchesHeld)
}

function noteSeen(more: readonly EventSummary[]): void {
  for (const row of more.slice(-seen.capacity)) seen.addNewest(row)
  seenCount.value += more.length
}

/** The batches that came before the stream was opened; what it has told since goes before them. */
async function readBatches(): Promise<void> {
  batches.value = []
  const page = await listBatches({ limit: batchesRead }).catch(() => null)
  if (!page) return
  const newest = page.items[0]?.id ?? 0
  batches.value = [...batches.peek().filter((one) => one.id > newest), ...page.items]
}
