import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { SandboxArguments } from './command-line.ts'
import { Interruption } from './interruption.ts'
import { FREE_PORTS } from './ports.ts'
import { whileEnvoyRuns } from './session.ts'
import { startFromCommandLine } from './start-from-command-line.ts'
import { UserError } from '../user-error.ts'

/** `run -- COMMAND …`: the command gets the URLs in its environment, and its exit code is ours. */
export async function run(given: SandboxArguments, [command, ...args]: string[]): Promise<number> {
  using interruption = new Interruption()
  const started = await startFromCommandLine(given, FREE_PORTS)
  const { sandbox } = started
  await using _ = sandbox
  const child = spawn(command!, args, {
    stdio: 'inherit',
    env: {
      ...process.env,
      MOESIF_GATEWAY_URL: sandbox.envoy.url,
      MOESIF_MOCK_URL: sandbox.mock.url,
      MOESIF_ENVOY_ADMIN_URL: sandbox.envoy.adminUrl,
    },
  })
  void interruption.signal.then((signal) => child.kill(signal))
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', () => reject(new UserError(`run: ${command} cannot be run`)))
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    )
  })
  try {
    const code = await whileEnvoyRuns(started, exited)
    await sandbox.stop()
    await started.discardLog()
    return code
  } finally {
    child.kill()
  }
}
