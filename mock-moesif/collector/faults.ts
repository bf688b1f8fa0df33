import type { Fault, FaultSpec } from '../model/fault.ts'
import { EVERYONE } from '../model/application.ts'
import { globMatches } from '../query/text-match.ts'
import { clearTimeout, setTimeout } from '../model/real-timers.ts'

/** Of all faults, written as JSON: each reader of the list, and of the stream, is sent all of it. */
const MAX_BYTES = 1024 * 1024

/** The faults that are set, oldest first. The first that fits a request is the one it meets. */
export class Faults {
  readonly #faults = new Map<number, Fault>()
  readonly #listeners = new Set<() => void>()
  #lastId = 0
  #expiry: NodeJS.Timeout | undefined

  /** Whether there is room for one more. */
  hasRoomFor(spec: FaultSpec): boolean {
    return JSON.stringify(this.list()).length + JSON.stringify(spec).length <= MAX_BYTES
  }

  add(spec: FaultSpec): Fault {
    const createdAt = Date.now()
    const expiresAt =
      spec.expiresInMs === undefined ? null : createdAt + Math.ceil(spec.expiresInMs)
    const { applicationId, ...rest } = spec
    const fault: Fault = {
      ...rest,
      ...(applicationId !== undefined && applicationId !== EVERYONE && { applicationId }),
      id: ++this.#lastId,
      createdAt,
      expiresAt,
      hits: 0,
    }
    this.#faults.set(fault.id, fault)
    this.#changed()
    return fault
  }

  /** @param applicationId `*`: those that hold for every application; without: all */
  list(applicationId?: string): Fault[] {
    this.#dropExpired()
    const wanted = applicationId === EVERYONE ? undefined : applicationId
    return [...this.#faults.values()].filter(
      (fault) => applicationId === undefined || fault.applicationId === wanted,
    )
  }

  remove(id: number): boolean {
    const removed = this.#faults.delete(id)
    if (removed) this.#changed()
    return removed
  }

  /** Removes what `list` would give. */
  clear(applicationId?: string): void {
    for (const fault of this.list(applicationId)) this.#faults.delete(fault.id)
    this.#changed()
  }

  /** The fault that this request meets, counted as a hit. `path` ends with the collector's own path, `/v1/…`. */
  meet(applicationId: string | null, path: string): Fault | undefined {
    if (this.#faults.size === 0) return undefined
    this.#dropExpired()
    for (const fault of this.#faults.values()) {
      if (fault.applicationId !== undefined && fault.applicationId !== applicationId) continue
      if (fault.route !== undefined && !globMatches(fault.route, path)) continue
      if (fault.probability !== undefined && Math.random() >= fault.probability) continue
      fault.hits++
      if (fault.remaining !== undefined && --fault.remaining <= 0) this.#faults.delete(fault.id)
      this.#changed()
      return fault
    }
    return undefined
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    clearTimeout(this.#expiry)
    this.#listeners.clear()
  }

  #dropExpired(): void {
    const now = Date.now()
    for (const fault of this.#faults.values())
      if (fault.expiresAt !== null && fault.expiresAt <= now) this.#faults.delete(fault.id)
  }

  #changed(): void {
    this.#awaitExpiry()
    for (const listener of this.#listeners) listener()
  }

  #awaitExpiry(): void {
    clearTimeout(this.#expiry)
    const ends = [...this.#faults.values()].flatMap(({ expiresAt }) => expiresAt ?? [])
    if (ends.length === 0) return
    const end = Math.min(...ends)
    const wait = Math.min(Math.max(0, end - Date.now()), 2 ** 31 - 1)
    this.#expiry = setTimeout(() => {
      // A timer counts by another clock, and may be early by a part of a millisecond.
      if (Date.now() < end) return this.#awaitExpiry()
      this.#dropExpired()
      this.#changed()
    }, wait).unref()
  }
}

/** A short name of a fault, for the record of the request. */
export function describeFault(fault: Fault): string {
  const parts = [
    fault.status === undefined ? '' : `status ${fault.status}`,
    fault.connection ?? '',
    fault.body === undefined ? '' : 'body',
    fault.delayMs === undefined ? '' : 'delay',
    fault.throttleBytesPerSecond === undefined ? '' : 'throttle',
  ].filter((part) => part !== '')
  return `#${fault.id} ${parts.join(', ') || 'no effect'}`
}

/** How long the fault holds the answer back. */
export function delayOf(fault: Fault): number {
  const { delayMs } = fault
  if (delayMs === undefined) return 0
  if (typeof delayMs === 'number') return delayMs
  const [from, to] = delayMs
  return from + Math.random() * (to - from)
}
