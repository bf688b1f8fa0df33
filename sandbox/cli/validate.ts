import { findingLine } from '../validate/finding.ts'
import { eventContentsLines } from '../validate/options/event-contents.ts'
import type { Verdict } from '../validate/validate-files.ts'
import { validatePaths } from '../validate/validate-paths.ts'
import { checkPlugin } from './check-plugin.ts'
import type { SandboxArguments } from './command-line.ts'

const print = (line: string): boolean => process.stdout.write(`${line}\n`)

/** `validate PATH …`: one line a finding; 1 when there is an error among them, or nothing to judge. */
export async function validate({ plugin }: SandboxArguments, paths: string[]): Promise<number> {
  const wasm = await checkPlugin(plugin, (step) => process.stderr.write(`${step}\n`))
  const verdict = await validatePaths(paths, wasm)
  for (const finding of verdict.findings) print(findingLine(finding))
  if (verdict.findings.some(({ severity }) => severity === 'error')) return 1
  print(`${paths.join(' ')}: ${conclusion(verdict)}`)
  for (const { text, place } of verdict.options) {
    // oxlint-disable-next-line no-await-in-loop -- printed in this order
    const { file, line } = place()
    print(`\nWhat leaves with the options of ${file}:${line}`)
    for (const row of await eventContentsLines(text, wasm)) print(row)
  }
  return verdict.role === 'none' ? 1 : 0
}

function conclusion({ subjects, role }: Verdict): string {
  const names = [...new Set(subjects.map(({ subject }) => subject))].join(', ')
  if (role === 'plugin') return `${names} the plugin captures with`
  if (role === 'none') return 'there is no Moesif plugin in it, and no options for one'
  return `${names} that lead to Moesif; there is no plugin among them`
}
