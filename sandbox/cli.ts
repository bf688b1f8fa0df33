import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { parseCommandLine, helpText, type CommandLine } from './cli/command-line.ts'
import { UserError } from './cli/user-error.ts'
import { packageVersion } from './cli/version.ts'

type Perform = (commandLine: CommandLine) => Promise<number>

/** Loaded when asked for: a mistyped option is answered at once. */
const COMMANDS: Record<CommandLine['command'], Perform> = {
  start: async (commandLine) => await (await import('./cli/start.ts')).start(commandLine),
  run: async (commandLine) => await (await import('./cli/run.ts')).run(commandLine),
  dev: async (commandLine) => await (await import('./cli/dev.ts')).dev(commandLine),
  validate: async (commandLine) => await (await import('./cli/validate.ts')).validate(commandLine),
  config: async (commandLine) => await (await import('./cli/config.ts')).config(commandLine),
  help: async () => print(helpText()),
  version: async () => print(`${await packageVersion()}\n`),
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

endWithNpm()
try {
  const commandLine = parseCommandLine(process.argv.slice(2))
  process.exitCode = await COMMANDS[commandLine.command](commandLine)
} catch (error) {
  const detail = error instanceof UserError || !process.env['DEBUG'] ? 'message' : 'stack'
  process.stderr.write(`${(error as Error)[detail]}\n`)
  process.exitCode = 1
}
