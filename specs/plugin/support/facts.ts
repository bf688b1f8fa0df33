import { headerMap, type Pairs } from './header-map.ts'
import { uint32, uint64 } from './little-endian.ts'
import { Room } from './room-memory.ts'

interface FactsExports {
  allocateForHost(size: number): number
  readRequest(start: number, length: number): void
  readResponse(start: number, length: number): void
  count(): number
  collisions(): number
  entryAt(index: number): number
  find(start: number, length: number): number
  findKnown(start: number, length: number): number
  valueOf(entry: number): number
  nextOf(entry: number): number
  isFirst(entry: number): number
  isMasked(entry: number): number
  replace(entry: number, value: number, length: number): void
  leaveOut(): void
  address(start: number, length: number): number
  text(start: number, length: number): number
  authorityOf(): number
  traceOf(): number
  identityOf(start: number, length: number): number
  kindOfBody(most: number): number
  asks(): number
  switched(asked: number, status: number): number
  status(): number
  begin(): void
  isOutgoing(route: bigint, now: bigint): number
  routeName(): number
  clusterName(): number
  fingerprint(route: number, routeLength: number, cluster: number, length: number): bigint
  startOf(arrived: bigint, now: bigint): bigint
  askOutcome(status: number, whole: number, logged: number): void
  details(): number
  flags(): bigint
  grpcStatus(): bigint
  random64(): bigint
  randomBelow(limit: number): number
  keyedHash(start: number, length: number): number
}

/** What is found out of an exchange, part by part, at a host whose answers a spec gives. */
export class FactsRoom {
  /** What the host has by path, and how often each was asked for. */
  properties: Record<string, Uint8Array> = {}
  readonly asked: string[] = []
  seed = Buffer.alloc(32)
  unixNs = 0n
  readonly plugin: Room<FactsExports>

  private constructor(plugin: Room<FactsExports>) {
    this.plugin = plugin
  }

  static async open(): Promise<FactsRoom> {
    const room: FactsRoom = new FactsRoom(
      await Room.compile<FactsExports>('facts', {
        proxy_get_property: (path: number, length: number, start: number, size: number) =>
          room.giveProperty(path, length, start, size),
        random_get: (at: number, length: number) => {
          room.plugin.write(at, room.seed.subarray(0, length))
          return 0
        },
        proxy_get_current_time_nanoseconds: (at: number) => {
          room.plugin.write(at, uint64(room.unixNs))
          return 0
        },
      }),
    )
    return room
  }

  get facts(): FactsExports {
    return this.plugin.exports
  }

  request(pairs: Pairs, cut?: number): void {
    const map = headerMap(pairs)
    this.plugin.takeBackResults(map.length)
    this.facts.readRequest(this.plugin.place(map), cut ?? map.length)
  }

  response(pairs: Pairs): void {
    const map = headerMap(pairs)
    this.facts.readResponse(this.plugin.place(map), map.length)
  }

  spanAt(at: number): string {
    return this.plugin.span(at).toString('latin1')
  }

  withText<Result>(text: string, use: (at: number, length: number) => Result): Result {
    return this.plugin.with(Buffer.from(text, 'latin1'), use)
  }

  private giveProperty(path: number, length: number, start: number, size: number): number {
    const name = this.plugin.read(path, length).toString().replaceAll('\0', '.')
    this.asked.push(name)
    const value = this.properties[name]
    if (!value) return 1
    const at = this.facts.allocateForHost(value.length)
    this.plugin.write(at, value)
    this.plugin.write(start, uint32(at))
    this.plugin.write(size, uint32(value.length))
    return 0
  }
}
