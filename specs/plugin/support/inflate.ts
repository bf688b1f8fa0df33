import { inflateRawSync } from 'node:zlib'
import { expect } from 'vitest'
import { Room } from './room-memory.ts'

interface InflateExports {
  decompress(compression: number, start: number, length: number, to: number, limit: number): number
}

export const GZIP = 1
export const DEFLATE = 2
export const BROKEN = -1
export const TOO_LONG = -2
export const MOST = 200_000

/** The plugin's decompression, alone. */
export class InflateRoom {
  readonly plugin: Room<InflateExports>
  readonly output: number

  private constructor(plugin: Room<InflateExports>) {
    this.plugin = plugin
    this.output = plugin.allocate(MOST)
  }

  static async open(): Promise<InflateRoom> {
    return new InflateRoom(await Room.compile<InflateExports>('bytes'))
  }

  /** The decompressed bytes, or why there are none; `behind` stands behind the input. */
  decompress(
    bytes: Uint8Array,
    { compression = DEFLATE, limit = MOST, behind = Buffer.alloc(16, 0xa5) } = {},
  ): Buffer | number {
    const { plugin, output } = this
    const start = plugin.place(Buffer.concat([bytes, behind]))
    const result = plugin.exports.decompress(compression, start, bytes.length, output, limit)
    plugin.release(start)
    return result < 0 ? result : plugin.read(output, result)
  }

  expectAsZlib(bytes: Uint8Array, what: string): void {
    if (!isBare(bytes)) return
    expect(this.decompress(bytes), what).toEqual(asZlib(bytes))
  }
}

function asZlib(bytes: Uint8Array): Buffer | number {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MOST })
  } catch {
    return BROKEN
  }
}

/** What is bare deflate for certain: not two bytes that look like a header of zlib. */
const isBare = (bytes: Uint8Array) => ((bytes[0]! << 8) | (bytes[1] ?? 0)) % 31 !== 0
