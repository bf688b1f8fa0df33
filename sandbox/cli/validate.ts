import { readFile } from 'node:fs/promises'
import { validateText } from '../validate/validate-text.ts'
import { checkPlugin } from './check-plugin.ts'
import type { CommandLine } from './command-line.ts'
import { UserError } from './user-error.ts'

/** `validate FILE`: one line a remark, `FILE:LINE: severity: message`; 1 when there is an error among them. */
export async function validate(commandLine: CommandLine): Promise<number> {
  const [file] = commandLine.rest
  if (file === undefined) throw new UserError('validate: no file given. Expected: validate FILE')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'ENOENT' ? `${file}: there is no such file` : `${file}: ${error.message}`,
    )
  })
  const wasm = await checkPlugin(commandLine.plugin, (step) => process.stderr.write(`${step}\n`))
  const { subject, remarks } = await validateText(file, text, wasm)
  for (const { severity, line, message } of remarks) {
    process.stdout.write(`${file}:${line}: ${severity}: ${message}\n`)
  }
  if (remarks.some(({ severity }) => severity === 'error')) return 1
  process.stdout.write(`${file}: ${subject} the plugin captures with\n`)
  return 0
}
