import { headerMap, type Pairs } from './header-map.ts'
import { Room } from './room-memory.ts'

interface ConditionExports {
  read(list: number, mostBytes: number): void
  problemCount(): number
  problemKind(): number
  problemText(): number
  patternPosition(): number
  patternReason(): number
  fields(): number
  isEmpty(): number
  patternBytes(): number
  open(start: number, length: number, statusKnown: number, status: number): void
  setBody(view: number, start: number, length: number): void
  test(): number
  isInDoubt(): number
  route(): number
  isPreflight(): number
  skips(list: number): number
  readDocuments(config: number, rules: number, rulesFirst: boolean): number
  problemsOfRules(at: number): number
  digestOfConfig(): bigint
  digestOfRules(): bigint
  storeAllocate(size: number): number
  storeRelease(at: number): void
  heldMemory(): number
  memory: WebAssembly.Memory
}

export const NO = 0
export const YES = 1
export const LATER = 2
const BODY = { none: 0, awaited: 1, json: 2, graphQl: 3 }

export type Group = { conditions?: { path: string; value: string }[] | null }

export interface Request {
  method?: string
  path?: string
  headers?: [name: string, value: string][]
  status?: number
  body?: string
  view?: keyof typeof BODY
}

export const one = (path: string, value: string): Group[] => [{ conditions: [{ path, value }] }]
export const all = (...pairs: [path: string, value: string][]): Group => ({
  conditions: pairs.map(([path, value]) => ({ path, value })),
})

/** The plugin's conditions on requests, alone. */
export class ConditionRoom {
  readonly plugin: Room<ConditionExports>
  /** The headers of the request that is open. */
  private opened = 0

  private constructor(plugin: Room<ConditionExports>) {
    this.plugin = plugin
  }

  static async open(): Promise<ConditionRoom> {
    return new ConditionRoom(await Room.compile<ConditionExports>('conditions'))
  }

  get conditions(): ConditionExports {
    return this.plugin.exports
  }

  read(list: unknown, mostBytes = 1 << 24): void {
    this.withText(JSON.stringify(list), (at) => this.conditions.read(at, mostBytes))
  }

  /** What the groups that were read say of a request; `statusKnown` when it has a status. */
  outcome({
    method = 'GET',
    path = '/',
    headers = [],
    status,
    body = '',
    view = 'none',
  }: Request): number {
    const pairs: Pairs = [[':method', method], [':path', path], ...headers]
    const bytes = headerMap(pairs)
    if (this.opened) this.plugin.release(this.opened)
    this.opened = this.plugin.place(bytes)
    this.conditions.open(this.opened, bytes.length, status === undefined ? 0 : 1, status ?? 0)
    return this.withText(body, (at, length) => {
      this.conditions.setBody(BODY[view], at, length)
      return this.conditions.test()
    })
  }

  spanAt(at: number): string {
    return this.plugin.span(at).toString()
  }

  withText<Result>(text: string, use: (at: number, length: number) => Result): Result {
    return this.plugin.with(Buffer.from(text), use)
  }
}
