import { Command, CommanderError } from 'commander'

/** The exit code for an invalid command line. */
export const USAGE_ERROR = 2

/** A command that answers wrong arguments with a line and a hint, and throws for them and for `--help`: see `exitCodeOf`. */
export function newCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '')) })
    .showHelpAfterError('--help lists what there is.')
}

/** Of what such a command throws: what is wrong, or the help that was asked for, is written by now. @throws any other error */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR
  throw error
}
