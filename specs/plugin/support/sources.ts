import { Room } from './room-memory.ts'

type Reader = (start: number, length: number) => number
type NamedReader = (start: number, length: number, name: number, nameLength: number) => number

interface SourceExports {
  parse(start: number, length: number, use: number): number
  errorPosition(): number
  errorReason(): number
  kindOf(source: number): number
  isHashed(source: number): number
  fromRight(source: number): number
  nameOf(source: number): number
  pathOf(source: number): number
  freeSource(source: number): void
  listSources(count: number): number
  claim: NamedReader
  bearer: Reader
  basic: Reader
  cookie: NamedReader
  query: NamedReader
}

const IDENTITY = 0
export const CLIENT_ADDRESS = 1

const KINDS = [
  'header',
  'response_header',
  'cookie',
  'query',
  'jwt',
  'jwt_cookie',
  'basic',
  'property',
  'literal',
  'peer',
]

export interface Parsed {
  kind: string
  name: string
  path?: string
  hashed?: true
  fromRight?: number
}

/** The plugin's sources of identity, alone. */
export class SourceRoom {
  readonly plugin: Room<SourceExports>

  private constructor(plugin: Room<SourceExports>) {
    this.plugin = plugin
  }

  static async open(): Promise<SourceRoom> {
    return new SourceRoom(await Room.compile<SourceExports>('sources'))
  }

  /** What a source says, its path with `/` between segments; or where and why it can't be read. */
  parse(text: string, use = IDENTITY): Parsed | [position: number, reason: string] {
    const { plugin } = this
    const { exports } = plugin
    // Behind it stands what stands there in a configuration.
    const start = plugin.place(Buffer.from(`${text}"`))
    const source = exports.parse(start, Buffer.byteLength(text), use)
    plugin.release(start)
    plugin.takeBackResults(text.length)
    if (!source) return [exports.errorPosition(), plugin.span(exports.errorReason()).toString()]
    const path = plugin.span(exports.pathOf(source)).toString().replaceAll('\0', '/')
    const parsed: Parsed = {
      kind: KINDS[exports.kindOf(source)]!,
      name: plugin.span(exports.nameOf(source)).toString().replaceAll('\0', '/'),
      ...(path ? { path } : {}),
      ...(exports.isHashed(source) ? { hashed: true } : {}),
      ...(exports.fromRight(source) ? { fromRight: exports.fromRight(source) } : {}),
    }
    exports.freeSource(source)
    return parsed
  }

  /** The value that a reader finds in a text, undefined when none. */
  read(reader: Reader | NamedReader, text: Uint8Array | string, name = ''): string | undefined {
    const { plugin } = this
    const bytes = Buffer.from(text)
    const key = Buffer.from(name)
    const [start, at] = [plugin.place(bytes), plugin.place(key)]
    const span = reader(start, bytes.length, at, key.length)
    const value = span ? plugin.span(span).toString() : undefined
    plugin.release(start, at)
    plugin.takeBackResults(bytes.length)
    return value
  }
}
