import { expect } from 'vitest'
import { buildPlugin } from '#plugin/build/build.ts'
import {
  MoesifEmulator,
  eventsOf,
  type EmulatorOptions,
  type HttpCall,
} from '#sandbox/emulated-plugin/index.ts'
import { balance, eventSums, type EventSums } from '#mock-moesif/model/event-sums.ts'

const { path: wasm } = await buildPlugin()

interface RecordedEvent {
  transaction_id: string
  request: { uri: string }
}

/** Random bytes that are all the same: with 0xff every backoff lasts as long as it may, with 0 it is over at once. */
export function constantRandom(byte: number): (bytes: Uint8Array) => void {
  return (bytes) => void bytes.fill(byte)
}

export const noJitter = { random: constantRandom(0) }
export const longestJitter = { random: constantRandom(0xff) }

/** What the log says, at the first drop at least, of each reason. */
const REMEDIES: Readonly<Record<string, string>> = {
  queue_full: 'events dropped: .*raise queue_max_bytes',
  rejected: 'the collector refuses batches with status .*events dropped: ',
  expired: 'events dropped: .*retry_max_age',
  shutdown: 'events dropped: .*docs/delivery.md',
  too_large: 'events dropped: .*max_body_size_limit',
  memory: 'events dropped: .*Lower queue_max_bytes',
}

const loggedDrop = (reason: string) => expect.stringMatching(REMEDIES[reason] ?? 'a known reason')

/** An emulator with the plugin in it, and numbered requests: `/1`, `/2`, … */
export class DeliveryScene {
  readonly emulator: MoesifEmulator
  #requests = 0

  private constructor(emulator: MoesifEmulator) {
    this.emulator = emulator
  }

  /** @param options of the plugin; null configures nothing yet */
  static async open(
    options: Record<string, unknown> | null = {},
    emulator: EmulatorOptions = {},
    /** Other code than the built plugin. */
    code: Uint8Array | string = wasm,
  ): Promise<DeliveryScene> {
    const scene = new DeliveryScene(await MoesifEmulator.load(code, emulator))
    if (options) scene.configure(options)
    return scene
  }

  get collector(): MoesifEmulator['collector'] {
    return this.emulator.collector
  }

  get calls(): HttpCall[] {
    return this.emulator.collector.calls
  }

  get now(): number {
    return this.emulator.clock.now
  }

  configure(options: Record<string, unknown>, at: Parameters<MoesifEmulator['configure']>[1] = {}) {
    const document = { moesif_application_id: 'spec-application-id-0042', ...options }
    return this.emulator.configure(document, at)
  }

  /** Runs a number of exchanges on a worker; `body` is sent by the client. */
  request(
    count = 1,
    {
      worker = 0,
      plugin,
      body,
    }: { worker?: number; plugin?: ReturnType<DeliveryScene['configure']>; body?: string } = {},
  ): void {
    for (let i = 0; i < count; i++) {
      const request = {
        path: `/${++this.#requests}`,
        ...(body === undefined ? {} : { method: 'POST', body }),
      }
      this.emulator.worker(worker).exchange({ request, response: { status: 200 } }, plugin)
    }
  }

  advance(ms: number): void {
    this.emulator.advance(ms)
  }

  /** Numbers of the requests whose events a call carries. */
  carried(call: HttpCall | undefined): number[] {
    if (!call) throw new Error('There is no such call.')
    return eventsOf(call).map((event) =>
      Number((event as RecordedEvent).request.uri.split('/').at(-1)),
    )
  }

  transactionIds(call: HttpCall): string[] {
    return eventsOf(call).map((event) => (event as RecordedEvent).transaction_id)
  }

  metric(name: string): number {
    const value = this.emulator.metrics.get(name)
    if (value === undefined) throw new Error(`The plugin defines no metric ${name}.`)
    return value
  }

  /** The terms of the promise `captured = sent + unconfirmed + dropped + sampled out + pending`, which it checks. */
  ledger(): EventSums {
    const sums = eventSums(this.emulator.metrics.toObject())
    expect(balance(sums)).toBe(0)
    expect(sums.pending).toBeGreaterThanOrEqual(0)
    expect(sums.unconfirmed).toBeGreaterThanOrEqual(0)
    expect(this.emulator.traps).toEqual([])
    for (const reason of Object.keys(sums.dropped))
      expect(this.lines).toContainEqual(loggedDrop(reason))
    return sums
  }

  /** What the plugin logged, without levels. */
  get lines(): string[] {
    return this.emulator.logs.entries.map(({ message }) => message)
  }

  /** Numbers of the requests whose events each call carried. */
  get batches(): number[][] {
    return this.calls.map((call) => this.carried(call))
  }
}
