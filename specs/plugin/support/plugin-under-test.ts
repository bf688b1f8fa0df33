import { readFile } from 'node:fs/promises'
import { buildPlugin } from '#plugin/build/build.ts'
import {
  MoesifEmulator,
  type EmulatorOptions,
  type ExchangeScript,
} from '#sandbox/emulated-plugin/index.ts'

/** What the plugin sends, as far as specs look at it. */
export interface SentEvent {
  request: SentMessage & { uri: string; verb: string; ip_address?: string; api_version?: string }
  response?: SentMessage & { status: number }
  direction: string
  transaction_id: string
  user_id?: string
  company_id?: string
  session_token?: string
  subscription_id?: string
  trace_id?: string
  weight?: number
  blocked_by?: string
  metadata?: Record<string, unknown>
}

interface SentMessage {
  time: string
  headers: Record<string, string>
  transfer_encoding?: string
  body?: unknown
}

export const APPLICATION_ID = 'a-spec-application-id-that-is-long-enough-to-be-real'

let wasm: Promise<Uint8Array> | undefined

export function pluginBytes(): Promise<Uint8Array> {
  wasm ??= buildPlugin().then(({ path }) => readFile(path))
  return wasm
}

/** An emulated Envoy with the plugin; options over a good configuration. */
export async function startPlugin(
  options: Record<string, unknown> = {},
  emulation?: EmulatorOptions,
): Promise<MoesifEmulator> {
  const emulator = await MoesifEmulator.load(await pluginBytes(), emulation)
  emulator.configure({ moesif_application_id: APPLICATION_ID, ...options })
  return emulator
}

/** Everything captured so far, in order. */
export function eventsOf(emulator: MoesifEmulator): SentEvent[] {
  emulator.advance(3000)
  if (emulator.traps.length > 0) throw new Error(`trapped: ${JSON.stringify(emulator.traps)}`)
  return emulator.collector.events() as unknown as SentEvent[]
}

/** The event of one exchange. */
export async function eventOf(
  script: ExchangeScript,
  options?: Record<string, unknown>,
): Promise<SentEvent> {
  const emulator = await startPlugin(options)
  emulator.worker(0).exchange(script)
  const [event, ...more] = eventsOf(emulator)
  if (!event || more.length > 0) throw new Error(`${event ? more.length + 1 : 0} events, not 1`)
  return event
}
