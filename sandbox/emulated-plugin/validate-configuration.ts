import type { ConfigureOptions, LogEntry, LogLevel } from '#sandbox/emulator/index.ts'
import { MoesifEmulator } from './moesif-emulator.ts'

export interface ConfigurationVerdict {
  /** Envoy would load the plugin with it. */
  accepted: boolean
  /** The plugin would capture: false with an invalid configuration, though traffic flows. */
  capturing: boolean
  /** The plugin's messages, in order. */
  messages: Pick<LogEntry, 'level' | 'message'>[]
}

/** The gauge that is 1 while capturing is off. */
const invalidGauge = 'moesif_configuration_invalid'

/**
 * Has the built plugin judge an options document, by running its on_configure.
 *
 * @param wasm a file's path or its bytes
 * @param text the document as the user wrote it, JSON or not
 */
export async function validateConfiguration(
  wasm: string | Uint8Array,
  text: string | Uint8Array,
  options: ConfigureOptions & { logLevel?: LogLevel } = {},
): Promise<ConfigurationVerdict> {
  const emulator = await MoesifEmulator.load(wasm, { logLevel: options.logLevel ?? 'info' })
  const { accepted, logs } = emulator.configure(text, options)
  const messages = logs.map(({ level, message }) => ({ level, message }))
  const capturing = accepted && !emulator.metrics.get(invalidGauge)
  return { accepted, capturing, messages }
}
