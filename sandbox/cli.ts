import { parseCommandLine, helpText, type CommandLine } from './cli/command-line.ts'
import { config } from './cli/config.ts'
import { dev } from './cli/dev.ts'
import { run } from './cli/run.ts'
import { start } from './cli/start.ts'
import { UserError } from './cli/user-error.ts'
import { validate } from './cli/validate.ts'
import { packageVersion } from './cli/version.ts'

type Perform = (commandLine: CommandLine) => Promise<number>

const COMMANDS: Record<CommandLine['command'], Perform> = {
  start,
  run,
  dev,
  validate,
  config,
  help: async () => print(helpText()),
  version: async () => print(`${await packageVersion()}\n`),
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

try {
  const commandLine = parseCommandLine(process.argv.slice(2))
  process.exitCode = await COMMANDS[commandLine.command](commandLine)
} catch (error) {
  const detail = error instanceof UserError || !process.env['DEBUG'] ? 'message' : 'stack'
  process.stderr.write(`${(error as Error)[detail]}\n`)
  process.exitCode = 1
}
