import { readFile } from 'node:fs/promises'
import { validateConfiguration } from '#sandbox/emulator/index.ts'
import { jsonSyntaxError } from '../validate/json-syntax.ts'
import { UserError } from './user-error.ts'

/** What the sandbox uses when no `--config` is given. */
const DEFAULT_OPTIONS = {
  moesif_application_id: 'sandbox-application-id',
  user_id_header: 'X-User-Id',
  company_id_header: 'X-Company-Id',
  batch_max_size: 10,
  batch_max_wait: 1000,
}

/** Plugin options as the user wrote them. */
export interface OptionsDocument {
  /** Where they stand, for messages. */
  label: string
  text: string
}

/** The file of `--config`, or the default. */
export async function readOptions(file: string | undefined): Promise<OptionsDocument> {
  if (file === undefined) {
    return { label: 'The default options', text: JSON.stringify(DEFAULT_OPTIONS, null, 2) }
  }
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'ENOENT'
        ? `--config ${file}: there is no such file`
        : `--config ${file} cannot be read: ${error.message}`,
    )
  })
  return { label: `--config ${file}`, text }
}

/** Asks the plugin itself; its refusal is thrown in its own words. Resolves with the document, parsed. */
export async function checkOptions(
  { label, text }: OptionsDocument,
  wasm: string,
  onWarning: (line: string) => void,
): Promise<Record<string, unknown>> {
  const syntaxError = jsonSyntaxError(text)
  if (syntaxError) throw new UserError(`${label}: ${syntaxError}`)
  const { capturing, messages } = await validateConfiguration(wasm, text)
  const refusals = messages.filter(({ level }) => level === 'error' || level === 'critical')
  if (!capturing || refusals.length > 0) {
    throw new UserError(`${label}: ${refusals.map(({ message }) => message).join('\n')}`)
  }
  for (const { level, message } of messages) {
    if (level === 'warn') onWarning(`${label}: ${message}`)
  }
  return JSON.parse(text) as Record<string, unknown>
}
