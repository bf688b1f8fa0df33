import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { endWithNpm } from '#mock-moesif/end-with-npm.ts'

/** Of what is asked for in vain, e.g. files that are not there. */
export class UsageError extends Error {}

/** A command whose wrong options are answered by a line and a hint. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '')) })
    .showHelpAfterError('--help lists what there is.')
}

/** Runs it; the exit code is what it resolves with, or 2 for what it was asked for in vain. */
export async function runCommand(main: (args: string[]) => Promise<number>): Promise<void> {
  endWithNpm()
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    // Commander has said it.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
    else if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n`)
      process.exitCode = 2
    } else throw error
  }
}

/** Reads an option. */
export function wholeNumber(low: number, high = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const number = Number(text)
    if (text.trim() !== '' && Number.isSafeInteger(number) && number >= low && number <= high)
      return number
    const upTo = high === Number.MAX_SAFE_INTEGER ? 'on' : `to ${high}`
    throw new InvalidArgumentError(`It is a whole number from ${low} ${upTo}.`)
  }
}

/** Reads an option. */
export function percentage(text: string): number {
  const number = Number(text)
  if (text.trim() !== '' && number >= 0 && number <= 100) return number
  throw new InvalidArgumentError('It is a number from 0 to 100.')
}

/** Reads an option that may be given again. */
export const collected = (value: string, others: string[]): string[] => [...others, value]
