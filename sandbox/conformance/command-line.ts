import { InvalidArgumentError, Option } from 'commander'
import { exitCodeOf, newCommand } from '../cli/command.ts'
import * as option from '../cli/options.ts'
import type { RuntimeName } from '../envoy/runtime.ts'
import { LEVELS, type Level } from './sentence.ts'

export interface ConformanceArguments {
  wasm?: string
  level: Level
  compare?: string
  scene?: string[]
  json?: string
  junit?: string
  html?: string
  list?: boolean
  runtime?: RuntimeName
}

/** The exit code where nothing was judged. */
export const NOT_JUDGED = 2

const EPILOGUE = `
Exit code: 0 when every sentence holds, 1 when one does not, 2 when nothing could be judged or a report could not be
written, 130 after Ctrl-C. A filter to compare with does not affect it.

Examples:
  npm run conformance -- --wasm filter.wasm --level drop-in --html report.html
  npm run conformance -- --wasm new.wasm --compare old.wasm`

/** What the command line asks for; a number is the exit code of one that asks for nothing. */
export function parseCommandLine(
  args: string[],
  scenes: readonly string[],
): ConformanceArguments | number {
  const known = (name: string, others: string[] = []): string[] => {
    if (scenes.includes(name)) return [...others, name]
    throw new InvalidArgumentError(`There are ${scenes.join(', ')}.`)
  }
  const program = newCommand(
    'conformance',
    'Judges a Moesif filter for Envoy by what Moesif documents and what this project promises.',
  )
    .addHelpText('after', EPILOGUE)
    .addOption(new Option('--wasm <FILE>', 'the filter to judge; default: the own build'))
    .addOption(
      new Option('--level <LEVEL>', "drop-in: with the options of Moesif's own filter only")
        .choices(LEVELS)
        .default('full'),
    )
    .addOption(new Option('--compare <FILE>', 'judge another filter, too, and show what differs'))
    .addOption(
      new Option(
        '--scene <NAME>',
        'only this one; may be repeated (--list shows the names)',
      ).argParser(known),
    )
    .addOption(
      new Option('--list', 'print the sentences (of --level and --scene) and judge nothing'),
    )
    .addOption(new Option('--json <FILE>', 'write a report as JSON'))
    .addOption(new Option('--junit <FILE>', 'write a report as JUnit XML'))
    .addOption(new Option('--html <FILE>', 'write a report as one HTML page'))
    .addOption(option.runtime())
  try {
    return program.parse(args, { from: 'user' }).opts<ConformanceArguments>()
  } catch (error) {
    return exitCodeOf(error)
  }
}
