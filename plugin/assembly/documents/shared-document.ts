import { Status } from '../abi/constants'
import { setSharedData, sharedData, sharedVersion } from '../abi/shared-data'
import { Options } from '../config/options'
import { hashOf } from '../memory/hash'
import { PADDING, Span, utf8 } from '../memory/span'
import { allocate, release } from '../memory/store'
import { placeAnywhere, placeNext } from '../memory/arena'
import { writeHex } from '../text/hex'
import { SCHEDULE_BYTES, Schedule } from './schedule'

const NAME = utf8('moesif document ')
const STATE = utf8(' schedule')
/** Part of the key: a filter of another version, with another layout, may share the process. */
const LAYOUT = utf8('2 ')

const seen = new Span()

/**
 * What all workers of a process share of one document: its schedule, and its bytes. Where the host has no shared data,
 * each root is on its own.
 */
@unmanaged
export class SharedDocument {
  /** As it was last read, or is to be written. */
  readonly schedule: Schedule = new Schedule()
  private version: u32
  private shared: bool = true
  private documentKey: Span
  private scheduleKey: Span

  constructor(options: Options, path: Span) {
    this.documentKey = keyOf(options, path, false)
    this.scheduleKey = keyOf(options, path, true)
  }

  /** Brings the schedule up to date; begins it when this is the first to look. */
  read(now: u64): void {
    if (!this.shared && this.schedule.dueAt) return
    const status = sharedData(this.scheduleKey, seen)
    if (status == Status.Ok && seen.length == SCHEDULE_BYTES) {
      this.version = sharedVersion()
      memory.copy(changetype<usize>(this.schedule), seen.start, SCHEDULE_BYTES)
      return
    }
    this.schedule.begin(now)
    this.version = 0
    this.write()
  }

  /** False when another worker was faster: then only its change holds. What has to be written is tried again after a `read`. */
  write(): bool {
    const status = setSharedData(
      this.scheduleKey,
      changetype<usize>(this.schedule),
      SCHEDULE_BYTES,
      this.version,
    )
    if (status == Status.CasMismatch) return false
    this.shared = status == Status.Ok
    return true
  }

  publish(start: usize, length: u32): void {
    if (this.shared) setSharedData(this.documentKey, start, length, 0)
  }

  /** A copy of what was published, to be released; 0 when it is not there, or there is no memory for it. */
  take(): usize {
    const bytes = this.schedule.bytes
    const room = allocate(<usize>bytes + PADDING)
    if (!room) return 0
    placeNext(room, bytes)
    const status = sharedData(this.documentKey, seen)
    placeAnywhere()
    if (status == Status.Ok && seen.start == room && seen.length == bytes) return room
    release(room)
    return 0
  }

  free(): void {
    heap.free(changetype<usize>(this.schedule))
    freeKey(this.documentKey)
    freeKey(this.scheduleKey)
    heap.free(changetype<usize>(this))
  }
}

/** The key is made from the source and the application id; the id itself is not written anywhere. */
function keyOf(options: Options, path: Span, isSchedule: bool): Span {
  const hash = mix(mix(mix(0, options.moesifApplicationId), options.baseUri), options.upstream)
  const most = NAME.length + LAYOUT.length + 16 + path.length + STATE.length
  const start = heap.alloc(most)
  let at = append(append(start, NAME), LAYOUT)
  writeHex(at, hash, 16)
  at = append(at + 16, path)
  if (isSchedule) at = append(at, STATE)
  return new Span(start, <u32>(at - start))
}

function append(at: usize, text: Span): usize {
  memory.copy(at, text.start, text.length)
  return at + text.length
}

function freeKey(key: Span): void {
  heap.free(key.start)
  heap.free(changetype<usize>(key))
}

function mix(seed: u64, text: Span): u64 {
  return hashOf(seed, text.start, text.length)
}
