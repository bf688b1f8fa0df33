import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { workWhereCalled } from '#mock-moesif/work-where-called.ts'
import { USAGE_ERROR } from './cli/command.ts'
import { performCommandLine, type Commands } from './cli/command-line.ts'
import { UsageError, UserError } from './user-error.ts'
import { packageVersion } from './cli/version.ts'

/** Loaded when asked for: a mistyped option is answered at once. */
const COMMANDS: Commands = {
  start: async (options) => await (await import('./cli/start.ts')).start(options),
  run: async (options, command) => await (await import('./cli/run.ts')).run(options, command),
  dev: async (options) => await (await import('./cli/dev.ts')).dev(options),
  validate: async (options, files) =>
    await (await import('./cli/validate.ts')).validate(options, files),
  config: async (options) => await (await import('./cli/config.ts')).config(options),
}

endWithNpm()
workWhereCalled()
try {
  const args = process.argv.slice(2)
  process.exitCode = await performCommandLine(args, await packageVersion(), COMMANDS)
} catch (error) {
  const detail = error instanceof UserError || !process.env['DEBUG'] ? 'message' : 'stack'
  process.stderr.write(`${(error as Error)[detail]}\n`)
  process.exitCode = error instanceof UsageError ? USAGE_ERROR : 1
}
