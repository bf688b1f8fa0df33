import { readFile } from 'node:fs/promises'
import { wording, type Severity } from '../validate/finding.ts'
import { judgeOptions } from '../validate/options/judge-options.ts'
import { optionsInFile, type OptionsSource } from '../validate/options/options-source.ts'
import { UserError } from '../user-error.ts'

/** What the sandbox uses when no `--config` is given. */
const DEFAULT_OPTIONS = {
  moesif_application_id: 'sandbox-application-id',
  user_id_header: 'X-User-Id',
  company_id_header: 'X-Company-Id',
  // Off by default in the plugin; in the sandbox the only rules are those made in the dashboard.
  enable_governance: true,
  batch_max_size: 10,
  batch_max_wait: 1000,
}

/** Plugin options as the user wrote them. */
export interface OptionsDocument extends OptionsSource {
  /** How they were given, for messages. */
  origin: string
}

/** The file of `--config`, or the default. */
export async function readOptions(file: string | undefined): Promise<OptionsDocument> {
  if (file === undefined) {
    const text = JSON.stringify(DEFAULT_OPTIONS, null, 2)
    return { origin: 'The default of', ...optionsInFile('--config', text) }
  }
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'ENOENT'
        ? `--config ${file}: there is no such file`
        : `--config ${file} cannot be read: ${error.message}`,
    )
  })
  return { origin: '--config', ...optionsInFile(file, text.replace(/^\ufeff/, '')) }
}

/** Asks the plugin itself; throws its error message. */
export async function checkOptions(
  document: OptionsDocument,
  wasm: string,
  onWarning: (line: string) => void,
): Promise<void> {
  const findings = await judgeOptions(document, wasm)
  const linesOf = (severity: Severity) =>
    findings
      .filter((finding) => finding.severity === severity)
      .map((finding) => {
        const { file, line, column } = finding.place
        return `${document.origin} ${file}:${line}:${column}: ${wording(finding)}`
      })
  const errors = linesOf('error')
  if (errors.length > 0) throw new UserError(errors.join('\n'))
  for (const line of linesOf('warning')) onWarning(line)
}
