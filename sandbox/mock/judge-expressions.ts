import type { JudgeExpressions } from '#mock-moesif/model/judge-expressions.ts'
import type { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { loadPlugin } from './load-plugin.ts'

/** What the plugin writes at level debug for programs: plugin/assembly/config/report.ts. */
const FINDING = 'moesif: configuration: finding: '
const POSITION = /, at its character (\d+)$/

/**
 * Configures the plugin's own module with each expression as a condition of its option `skip`, which the same code reads as the
 * conditions of rules, and which reports errors at once.
 */
export const judgeExpressions: JudgeExpressions = async (expressions) => {
  const emulator = await loadPlugin({ logLevel: 'debug' })
  return expressions.map((expression) => problemOf(emulator, expression))
}

function problemOf(emulator: MoesifEmulator, expression: string): string | null {
  const { accepted, logs } = emulator.configure({
    moesif_application_id: 'check',
    skip: [{ conditions: [{ path: 'request.route', value: expression }] }],
  })
  if (accepted && !emulator.metrics.get('moesif_configuration_invalid')) return null
  const line = logs.find(({ message }) => message.startsWith(FINDING))?.message ?? `${FINDING}{}`
  const { message = '', remedy = 'the plugin refuses the expression.' } = JSON.parse(
    line.slice(FINDING.length),
  ) as { message?: string; remedy?: string }
  const reason = remedy.replace(/\.$/, '')
  const [, position] = POSITION.exec(message) ?? []
  if (position === undefined) return reason
  // The plugin counts bytes.
  const before = Buffer.from(expression).subarray(0, Number(position) - 1)
  return `at its character ${Array.from(before.toString()).length + 1}, ${reason}`
}
