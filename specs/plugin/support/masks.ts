import { expect } from 'vitest'
import { Room } from './room-memory.ts'

export type Masker = (start: number, length: number, to: number) => number

interface MaskExports {
  growthOfJson(): number
  growthOfPairs(): number
  growthOfCookies(): number
  isJson(start: number, length: number): number
  mayHaveParameters(start: number, length: number): number
  clearRules(): void
  isGivenWhenCleared(): number
  addRule(start: number, length: number, cookies: number): number
  addMediaType(start: number, length: number): number
  ruleAt(list: number, index: number): number
  clearMasks(): void
  addMask(start: number, length: number): number
  addCookie(start: number, length: number): void
  errorPosition(): number
  errorReason(): number
  json: Masker
  lines: Masker
  form: Masker
  uri: Masker
  cookie: Masker
  setCookie: Masker
  glob(start: number, length: number, pattern: number, patternLength: number): number
}

const GUARD = Buffer.alloc(16, 0x5a)

/** The plugin's masks, alone. */
export class MaskRoom {
  readonly plugin: Room<MaskExports>

  private constructor(plugin: Room<MaskExports>) {
    this.plugin = plugin
  }

  static async open(): Promise<MaskRoom> {
    return new MaskRoom(await Room.compile<MaskExports>('masks'))
  }

  /** What is written of a text under these masks; undefined when it cannot be masked. */
  mask(masker: Masker, text: string | Uint8Array, masks: string[]): string | undefined {
    this.plugin.exports.clearMasks()
    for (const name of masks) expect(this.addMask(name), name).toBeTruthy()
    return this.run(masker, text)
  }

  /** Another mask; 0 when it is none. */
  addMask(text: string): number {
    // Behind it stands what stands there in a configuration.
    const added = this.plugin.with(Buffer.from(`${text}"`), (start, length) =>
      this.plugin.exports.addMask(start, length - 1),
    )
    this.plugin.takeBackResults(text.length)
    return added
  }

  /** Masks a document under these masks. */
  json(value: unknown, ...masks: string[]): unknown {
    const text = this.mask(this.plugin.exports.json, JSON.stringify(value), masks)
    return text === undefined ? undefined : JSON.parse(text)
  }

  /** What is written of a text under the masks that there are. */
  run(masker: Masker, text: string | Uint8Array): string | undefined {
    const { plugin } = this
    const bytes = Buffer.from(text)
    const [start, room] = [plugin.place(bytes), bytes.length * this.growthOf(masker) + 16]
    const to = plugin.allocate(room + GUARD.length)
    plugin.write(to + room, GUARD)
    const end = masker(start, bytes.length, to)
    expect(plugin.read(to + room, GUARD.length).equals(GUARD)).toBe(true)
    const out = end ? plugin.read(to, end - to).toString() : undefined
    plugin.release(start, to)
    // Only what has escapes is copied to be read.
    plugin.takeBackResults(/[\\%=]/.test(text.toString()) ? bytes.length : 0)
    return out
  }

  private growthOf(masker: Masker): number {
    const { json, lines, form, uri, growthOfJson, growthOfPairs, growthOfCookies } =
      this.plugin.exports
    if (masker === json || masker === lines) return growthOfJson()
    return masker === form || masker === uri ? growthOfPairs() : growthOfCookies()
  }
}
