import * as fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { Room } from './support/room-memory.ts'

interface Exports {
  allocate(size: number): number
  release(block: number): void
  shrink(block: number, size: number): void
  footprint(block: number): number
  blockSize(size: number): number
  arenaAllocate(size: number): number
  arenaPlaceNext(at: number, room: number): void
  arenaPlaceAnywhere(): void
  arenaReset(): void
  newBuffer(most: number): number
  bufferByte(buffer: number, value: number): void
  bufferWord16(buffer: number, value: number): void
  bufferWord32(buffer: number, value: number): void
  bufferBytes(buffer: number, from: number, length: number): void
  bufferRoom(buffer: number, length: number): number
  bufferStart(buffer: number): number
  bufferLength(buffer: number): number
  bufferFailed(buffer: number): number
  bufferTake(buffer: number): number
  bufferFree(buffer: number): void
  copyPadded(to: number, from: number, length: number): void
  clear(at: number, length: number): void
  equal(a: number, aLength: number, b: number, bLength: number): number
}

const PAGE = 65_536

let plugin: Room<Exports>
let store: Exports
beforeEach(async () => {
  plugin = await Room.compile<Exports>('basics')
  store = plugin.exports
})

const sizeOf = (size: number) => Math.max(64, Math.ceil((size + 8) / 8) * 8)

test('a block takes what it is asked for and eight bytes, in eights, 64 at least', () => {
  for (let size = 0; size < 300; size++) expect(store.blockSize(size)).toBe(sizeOf(size))
  const fresh = store.allocate(10_000)
  expect(store.footprint(fresh)).toBe(sizeOf(10_000))
  expect(store.footprint(0)).toBe(0)
})

test('blocks lie beside each other, never overlap, and keep what is written to them', () => {
  const step = fc.record({ size: fc.nat(700), give: fc.nat(3), at: fc.nat(), kept: fc.nat(700) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const open: { at: number; bytes: Buffer }[] = []
      for (const { size, give, at, kept } of steps) {
        const index = at % Math.max(1, open.length)
        if (give === 0 && open.length > 0) {
          const [block] = open.splice(index, 1)
          store.release(block!.at)
        } else if (give === 1 && open.length > 0) {
          const block = open[index]!
          block.bytes = block.bytes.subarray(0, Math.min(kept, block.bytes.length))
          store.shrink(block.at, block.bytes.length)
          expect(store.footprint(block.at)).toBeLessThan(sizeOf(block.bytes.length) + 64)
        } else {
          const block = store.allocate(size)
          expect(block % 8).toBe(0)
          expect(store.footprint(block)).toBeGreaterThanOrEqual(sizeOf(size))
          expect(store.footprint(block)).toBeLessThan(sizeOf(size) + 64)
          const bytes = Buffer.alloc(size, open.length + size)
          plugin.write(block, bytes)
          open.push({ at: block, bytes })
        }
        for (const { at: place, bytes } of open)
          expect(plugin.read(place, bytes.length).equals(bytes)).toBe(true)
      }
      for (const { at } of open) store.release(at)
    }),
    { numRuns: 60 },
  )
  // All of it is one block again: nothing larger than what there was needs more.
  const before = plugin.memoryBytes
  const whole = store.allocate(8)
  store.release(whole)
  expect(plugin.memoryBytes).toBe(before)
})

test('the smallest block that fits is taken, of two the one before the other', () => {
  const sizes = [1000, 300, 500, 300, 2000]
  const blocks = sizes.map((size) => [store.allocate(size), store.allocate(8)])
  for (const [block] of blocks) store.release(block!)

  expect(store.allocate(400)).toBe(blocks[2]![0])
  expect(store.allocate(290)).toBe(blocks[1]![0])
  expect(store.allocate(300)).toBe(blocks[3]![0])
  expect(store.allocate(1500)).toBe(blocks[4]![0])
  expect(store.allocate(1000)).toBe(blocks[0]![0])
})

test('what is left of a block is a block of its own from 64 bytes on', () => {
  const separate = () => store.allocate(8)
  const first = store.allocate(504)
  const second = [separate(), store.allocate(512)][1]!
  separate()
  store.release(first)
  store.release(second)

  expect(store.footprint(store.allocate(456))).toBe(512)
  expect(store.footprint(store.allocate(448))).toBe(456)
  expect(store.allocate(8)).toBe(second + 456)

  const shrunk = store.allocate(800)
  separate()
  store.shrink(shrunk, 745)
  expect(store.footprint(shrunk)).toBe(808)
  store.shrink(shrunk, 736)
  expect(store.footprint(shrunk)).toBe(744)
  expect(store.allocate(10)).toBe(shrunk + 744)
})

test('neighbours that are free become one block, in whatever order they are given back', () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
  ]) {
    const blocks = [store.allocate(200), store.allocate(200), store.allocate(200)]
    const end = store.allocate(8)
    for (const index of order) store.release(blocks[index]!)
    expect(store.allocate(3 * 208 - 8)).toBe(blocks[0])
    store.release(blocks[0]!)
    store.release(end)
  }
})

test('nothing given back is nothing done', () => {
  store.release(0)
  const block = store.allocate(100)
  store.release(0)
  expect(store.allocate(100)).toBeGreaterThan(block)
})

test('memory grows by the pages that are missing, and no more', () => {
  const before = plugin.memoryBytes
  store.allocate(PAGE - 8)
  expect(plugin.memoryBytes).toBe(before + PAGE)
  store.allocate(PAGE - 7)
  expect(plugin.memoryBytes).toBe(before + 3 * PAGE)
  // A page less 8 bytes is left, and counts.
  store.allocate(2 * PAGE - 16)
  expect(plugin.memoryBytes).toBe(before + 4 * PAGE)
  store.allocate(8)
  expect(plugin.memoryBytes).toBe(before + 5 * PAGE)
  const rest = store.allocate(PAGE - 64 - 8)
  expect(plugin.memoryBytes).toBe(before + 5 * PAGE)
  store.release(rest)
  const last = store.allocate(2 * PAGE)
  expect(plugin.memoryBytes).toBe(before + 7 * PAGE)
  // What is free before a block that is not counts for nothing.
  store.allocate(PAGE)
  store.release(last)
  const now = plugin.memoryBytes
  store.allocate(3 * PAGE)
  expect(plugin.memoryBytes - now).toBeGreaterThanOrEqual(2 * PAGE)
})

test('768 MiB of linear memory are the most, and then smaller blocks are still given', () => {
  const free = 12_288 - plugin.memoryBytes / PAGE
  expect(store.allocate(2 ** 32 - 1)).toBe(0)
  expect(store.allocate(2 ** 32 - 16)).toBe(0)
  expect(store.allocate(768 * 2 ** 20)).toBe(0)
  expect(store.allocate(free * PAGE - 7)).toBe(0)
  const half = store.allocate(400 * 2 ** 20 - 8)
  expect(half).toBeGreaterThan(0)
  const rest = (free - 400 * 16) * PAGE - 8
  expect(store.allocate(rest + 1)).toBe(0)
  const all = store.allocate(rest)
  expect(all).toBeGreaterThan(0)
  expect(plugin.memoryBytes).toBe(12_288 * PAGE)
  expect(store.allocate(8)).toBe(0)
  store.release(half)
  expect(store.allocate(8)).toBe(half)
})

test('what the host returns stands in one block of 64 KiB, aligned to 16, until the next callback', () => {
  store.arenaReset()
  const first = store.arenaAllocate(1)
  expect(first % 16).toBe(0)
  expect(store.arenaAllocate(16)).toBe(first + 32)
  expect(store.arenaAllocate(17)).toBe(first + 64)
  expect(store.arenaAllocate(0)).toBe(first + 112)
  // Of the block 65536 - 128 bytes are left: 16 of them are for reading behind the end.
  const rest = PAGE - 128
  const beyond = store.arenaAllocate(rest - 15)
  expect(beyond < first || beyond > first + PAGE).toBe(true)
  expect(store.arenaAllocate(rest - 16)).toBe(first + 128)
  const behind = store.arenaAllocate(1)
  expect(behind < first || behind >= first + PAGE).toBe(true)

  store.arenaReset()
  expect(store.arenaAllocate(100)).toBe(first)
})

test('results that do not fit stand for themselves, and are freed with the callback', () => {
  const fill = () => {
    const blocks = [80_000, 70_000, 66_000, 100_000].map((size, i) => {
      const at = store.arenaAllocate(size)
      const bytes = Buffer.alloc(size + 16, i + 1)
      expect(at % 16).toBe(0)
      plugin.write(at, bytes)
      return [at, bytes] as const
    })
    for (const [at, bytes] of blocks) expect(plugin.read(at, bytes.length).equals(bytes)).toBe(true)
    store.arenaReset()
  }
  for (let i = 0; i < 4; i++) fill()
  const before = plugin.memoryBytes
  for (let i = 0; i < 40; i++) fill()
  expect(plugin.memoryBytes).toBe(before)
})

test('a result that no memory can hold does not pass for a small one', () => {
  store.arenaAllocate(1)
  expect(() => store.arenaAllocate(2 ** 32 - 16)).toThrow(WebAssembly.RuntimeError)
})

test('the next result is placed where it is wanted, once, if it fits', () => {
  const [wanted, elsewhere] = [store.allocate(100), store.arenaAllocate(1)]
  store.arenaPlaceNext(wanted, 100)
  expect(store.arenaAllocate(101)).toBe(elsewhere + 32)
  expect(store.arenaAllocate(100)).toBe(wanted)
  expect(store.arenaAllocate(100)).toBe(elsewhere + 32 + 128)

  store.arenaPlaceNext(wanted, 100)
  store.arenaPlaceAnywhere()
  expect(store.arenaAllocate(0)).not.toBe(wanted)
  expect(store.arenaAllocate(10)).not.toBe(wanted)
})

function contentOf(buffer: number): Buffer {
  return plugin.read(store.bufferStart(buffer), store.bufferLength(buffer))
}

test('a buffer holds what is added to it, in order', () => {
  const write = fc.oneof(
    fc.record({ kind: fc.constantFrom('byte', 'word16', 'word32'), value: fc.nat(0xffffffff) }),
    fc.record({ kind: fc.constant('bytes'), value: fc.nat(900) }),
  )
  fc.assert(
    fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
      const buffer = store.newBuffer(1 << 20)
      let expected = Buffer.alloc(0)
      for (const { kind, value } of writes) {
        const word = Buffer.alloc(4)
        word.writeUInt32LE(value >>> 0)
        const bytes = Buffer.alloc(kind === 'bytes' ? value : 0, value)
        if (kind === 'byte') store.bufferByte(buffer, value & 255)
        else if (kind === 'word16') store.bufferWord16(buffer, value & 0xffff)
        else if (kind === 'word32') store.bufferWord32(buffer, value)
        else {
          const from = plugin.place(bytes)
          store.bufferBytes(buffer, from, value)
          plugin.release(from)
        }
        const size = new Map([
          ['byte', 1],
          ['word16', 2],
          ['word32', 4],
        ]).get(kind)
        expected = Buffer.concat([expected, size ? word.subarray(0, size) : bytes])
        expect(contentOf(buffer).equals(expected)).toBe(true)
        expect(store.bufferFailed(buffer)).toBe(0)
      }
      store.bufferFree(buffer)
    }),
    { numRuns: 50 },
  )
})

test('a buffer takes twice as much each time that it is full, from 256 bytes on, up to its most', () => {
  const buffer = store.newBuffer(1200)
  const taken = () => store.footprint(store.bufferStart(buffer))
  store.bufferByte(buffer, 1)
  expect(taken()).toBe(sizeOf(256 + 16))
  store.bufferRoom(buffer, 255)
  expect(taken()).toBe(sizeOf(256 + 16))
  store.bufferByte(buffer, 2)
  expect(taken()).toBe(sizeOf(512 + 16))
  store.bufferRoom(buffer, 256)
  expect(taken()).toBe(sizeOf(1024 + 16))
  store.bufferRoom(buffer, 600)
  expect(taken()).toBe(sizeOf(1200 + 16))
  const large = store.newBuffer(5000)
  store.bufferRoom(large, 700)
  expect(store.footprint(store.bufferStart(large))).toBe(sizeOf(700 + 16))
})

test('what is longer than a buffer may be is left out, and it says so from then on', () => {
  const letter = plugin.place(Buffer.from('a'))
  for (const add of [
    (buffer: number) => store.bufferByte(buffer, 1),
    (buffer: number) => store.bufferWord16(buffer, 1),
    (buffer: number) => store.bufferWord32(buffer, 1),
    (buffer: number) => store.bufferBytes(buffer, letter, 1),
  ]) {
    const buffer = store.newBuffer(300)
    expect(store.bufferRoom(buffer, 300)).toBe(store.bufferStart(buffer))
    expect(store.bufferFailed(buffer)).toBe(0)
    add(buffer)
    expect([store.bufferFailed(buffer), store.bufferLength(buffer)]).toEqual([1, 300])
    expect(store.bufferRoom(buffer, 0)).toBe(0)
    store.bufferFree(buffer)
  }
  // Nor is it written to address 0, which is none.
  expect(plugin.read(0, 8).toString('hex')).toBe('00'.repeat(8))
  const buffer = store.newBuffer(1000)
  store.bufferByte(buffer, 7)
  expect(store.bufferRoom(buffer, 2 ** 32 - 2)).toBe(0)
  expect([store.bufferFailed(buffer), store.bufferLength(buffer)]).toEqual([1, 1])
})

test('a block that is taken out of a buffer is the taker’s, and the buffer begins anew', () => {
  const buffer = store.newBuffer(1000)
  store.bufferByte(buffer, 65)
  const block = store.bufferTake(buffer)
  expect([store.bufferStart(buffer), store.bufferLength(buffer)]).toEqual([0, 0])
  store.bufferByte(buffer, 66)
  expect(store.bufferStart(buffer)).not.toBe(block)
  expect([plugin.read(block, 1).toString(), contentOf(buffer).toString()]).toEqual(['A', 'B'])
})

function useBuffer(): void {
  const buffer = store.newBuffer(100_000)
  for (let i = 0; i < 9; i++) store.bufferRoom(buffer, 7000)
  store.bufferFree(buffer)
}

test('buffers give their memory back', () => {
  expect(plugin.leakOf(useBuffer)).toBe(0)
})

test('bytes are copied and cleared whatever their number, and compared by length and content', () => {
  const bytes = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7 + 1) & 255))
  const [from, to] = [plugin.place(bytes), plugin.allocate(3000)]
  for (const length of [0, 1, 15, 16, 17, 1008, 1023, 1024, 1025, 1040, 2900]) {
    plugin.write(to, Buffer.alloc(3000, 9))
    store.copyPadded(to, from, length)
    expect(plugin.read(to, length).equals(bytes.subarray(0, length))).toBe(true)
    const rounded = Math.ceil(length / 16) * 16
    expect(plugin.read(to + rounded, 20)).toEqual(Buffer.alloc(20, 9))
    expect(store.equal(to, length, from, length)).toBe(1)
    expect(store.equal(to, length, from, length + 1)).toBe(0)
    if (length > 0) {
      plugin.write(to + length - 1, Buffer.from([bytes[length - 1]! ^ 1]))
      expect(store.equal(to, length, from, length)).toBe(0)
    }
    store.clear(to, rounded)
    expect(plugin.read(to, rounded)).toEqual(Buffer.alloc(rounded))
    expect(plugin.read(to + rounded, 20)).toEqual(Buffer.alloc(20, 9))
  }
})
