import type { SandboxArguments } from './command-line.ts'
import { Interruption } from './interruption.ts'
import { USUAL_PORTS } from './ports.ts'
import { endSession, introduce, whileEnvoyRuns } from './session.ts'
import { startFromCommandLine } from './start-from-command-line.ts'

/** `start`: everything up, until Ctrl-C. */
export async function start(given: SandboxArguments): Promise<number> {
  using interruption = new Interruption()
  const started = await startFromCommandLine(given, USUAL_PORTS)
  await using _ = started.sandbox
  const introduced = interruption.happened ? undefined : introduce(started, given)
  await whileEnvoyRuns(started, Promise.all([introduced, interruption.signal]))
  return await endSession(started)
}
