import { InvalidArgumentError } from 'commander'
import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { exitCodeOf, USAGE_ERROR } from '#sandbox/cli/command.ts'
import { UsageError } from '#sandbox/user-error.ts'

/** Runs a command; the exit code is what it resolves with, or 2 where it was asked for what there is not. */
export async function runCommand(main: (args: string[]) => Promise<number>): Promise<void> {
  endWithNpm()
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof UsageError)) process.exitCode = exitCodeOf(error)
    else {
      process.stderr.write(`${error.message}\n`)
      process.exitCode = USAGE_ERROR
    }
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
