import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { CommandLine } from './command-line.ts'
import { Interruption } from './interruption.ts'
import { startFromCommandLine } from './start-from-command-line.ts'
import { UserError } from './user-error.ts'

/** `run -- COMMAND …`: the command gets the URLs in its environment, and its exit code is ours. */
export async function run(commandLine: CommandLine): Promise<number> {
  const [command, ...args] = commandLine.rest
  if (command === undefined) {
    throw new UserError('run: no command given. Expected: run -- COMMAND [ARGUMENTS]')
  }
  using interruption = new Interruption()
  const { sandbox } = await startFromCommandLine(commandLine)
  await using _ = sandbox
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: {
      ...process.env,
      MOESIF_GATEWAY_URL: sandbox.envoy.url,
      MOESIF_MOCK_URL: sandbox.mock.url,
      MOESIF_ENVOY_ADMIN_URL: sandbox.envoy.adminUrl,
    },
  })
  void interruption.signal.then((signal) => child.kill(signal))
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', () => reject(new UserError(`run: ${command} cannot be run`)))
    child.once('exit', (exitCode, signal) =>
      resolve(exitCode ?? 128 + (signal ? constants.signals[signal] : 0)),
    )
  })
  await sandbox.stop()
  return code
}
