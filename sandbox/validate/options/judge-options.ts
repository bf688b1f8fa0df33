import { validateConfiguration, type ConfigurationVerdict } from '#sandbox/emulated-plugin/index.ts'
import type { Finding, Severity } from '../finding.ts'
import type { OptionsSource } from './options-source.ts'

/** What the plugin writes at level debug for programs: plugin/assembly/config/report.ts. */
const FINDING = 'moesif: configuration: finding: '

export interface PluginFinding {
  severity: Severity
  /** In bytes; absent when it is about the whole document. */
  at?: number
  message: string
  remedy?: string
}

/** What the plugin itself says of an options document: the built .wasm is the only judge of options. */
export async function judgeOptions(source: OptionsSource, wasm: string): Promise<Finding[]> {
  const findings = await askPlugin(source.text, wasm)
  return findings.map(({ at, ...finding }) =>
    Object.assign(finding, {
      place: source.place(at === undefined ? undefined : characterIndex(source.text, at)),
    }),
  )
}

/** @note another build (`--plugin FILE`) may give log lines only: they are findings about the whole document. */
function pluginFindings({ accepted, capturing, messages }: ConfigurationVerdict): PluginFinding[] {
  const lines = messages.filter(({ message }) => message.startsWith(FINDING))
  const findings =
    lines.length > 0
      ? lines.map(({ message }) => JSON.parse(message.slice(FINDING.length)) as PluginFinding)
      : messages.flatMap(({ level, message }): PluginFinding[] => {
          if (level === 'error' || level === 'critical') return [{ severity: 'error', message }]
          return level === 'warn' ? [{ severity: 'warning', message }] : []
        })
  if ((accepted && capturing) || findings.some(({ severity }) => severity === 'error')) {
    return findings
  }
  const message = accepted ? 'capturing is off' : 'the plugin refuses to be loaded'
  return [...findings, { severity: 'error', message: `${message} with these options` }]
}

/** The same for a text without a place in a file. */
export async function askPlugin(text: string, wasm: string): Promise<PluginFinding[]> {
  return pluginFindings(await validateConfiguration(wasm, text, { logLevel: 'debug' }))
}

export const characterIndex = (text: string, bytes: number): number =>
  Buffer.from(text).subarray(0, bytes).toString().length
