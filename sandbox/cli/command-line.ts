import type { Command, Option } from 'commander'
import type { RuntimeName } from '../envoy/runtime.ts'
import { exitCodeOf, newCommand } from './command.ts'
import * as option from './options.ts'
import { FREE_PORTS, USUAL_PORTS } from './ports.ts'

/** What is given on the command line; what is not is undefined. */
export interface SandboxArguments {
  upstream?: string
  envoy?: string
  config?: string
  plugin?: string
  port?: number
  mockPort?: number
  adminPort?: number
  runtime?: RuntimeName
  traffic?: boolean
  open?: boolean
}

/** What the commands do; each resolves with the exit code. */
export interface Commands {
  start: (options: SandboxArguments) => Promise<number>
  run: (options: SandboxArguments, command: string[]) => Promise<number>
  dev: (options: SandboxArguments) => Promise<number>
  validate: (options: SandboxArguments, paths: string[]) => Promise<number>
  config: (options: SandboxArguments) => Promise<number>
}

const EPILOGUE = `
Environment:
  ENVOY_BIN      an Envoy binary to run
  ENVOY_RUNTIME  as --runtime
  ENVOY_VERSION  another Envoy than the pinned one

Examples:
  npm start -- --upstream http://localhost:3000 --config options.json
  npm run sandbox -- validate envoy.yaml`

/** Runs the command that the arguments name, and resolves with the exit code. */
export async function performCommandLine(
  args: string[],
  version: string,
  commands: Commands,
): Promise<number> {
  let exitCode = 0
  const keep = async (result: Promise<number>): Promise<void> => void (exitCode = await result)
  const program = newCommand(
    'sandbox',
    'A real Envoy with the Moesif plugin, in front of an echo service or your own API, and a mock Moesif behind it.',
  )
    .version(version, '--version', 'show the version')
    .addHelpText('after', EPILOGUE)

  taking(program.command('start'), [
    ...option.gateway(USUAL_PORTS),
    option.envoy(),
    option.plugin(),
    option.runtime(),
    ...option.session(),
  ])
    .description('start Envoy with the plugin, an upstream, a mock Moesif with its dashboard')
    .action((options) => keep(commands.start(options)))

  taking(program.command('run'), [
    ...option.gateway(FREE_PORTS),
    option.envoy(),
    option.plugin(),
    option.runtime(),
  ])
    .description('start a sandbox, run a command against it, end with its exit code')
    .usage('[options] -- COMMAND [ARGUMENTS]')
    .argument('<command...>', 'gets the URLs in its environment')
    .action((command, options) => keep(commands.run(options, command)))

  taking(program.command('dev'), [
    ...option.gateway(USUAL_PORTS),
    option.runtime(),
    ...option.session(),
  ])
    .description('start, and load the plugin anew whenever its sources change')
    .action((options) => keep(commands.dev(options)))

  taking(program.command('validate'), [option.plugin()])
    .description('judge files before they are deployed')
    .argument(
      '<paths...>',
      'files or folders: plugin options (JSON), Envoy configurations, Istio manifests (YAML)',
    )
    .action((paths, options) => keep(commands.validate(options, paths)))

  taking(program.command('config'), [...option.gateway(USUAL_PORTS), option.plugin()])
    .description('print the Envoy configuration that the given options make')
    .action((options) => keep(commands.config(options)))

  try {
    await program.parseAsync(args.length > 0 ? args : ['help'], { from: 'user' })
    return exitCode
  } catch (error) {
    return exitCodeOf(error)
  }
}

const taking = (command: Command, options: Option[]): Command =>
  options.reduce((taker, one) => taker.addOption(one), command)
