import type { SandboxArguments } from './command-line.ts'
import { openBrowser } from './open-browser.ts'
import { panel } from './panel.ts'
import type { StartedFromCommandLine } from './start-from-command-line.ts'
import { summary } from './summary.ts'
import { sendTraffic } from './traffic.ts'
import { UserError } from '../user-error.ts'

const print = (text: string): boolean => process.stdout.write(text)

/** Shows where everything is, opens the browser and sends the sample, as asked for. */
export async function introduce(
  { sandbox, upstream, leaving, logFile }: StartedFromCommandLine,
  given: SandboxArguments,
): Promise<void> {
  print(await panel(sandbox, upstream, logFile))
  for (const lines of leaving) print(`  What leaves\n\n${lines.join('\n')}\n\n`)
  if (given.open) openBrowser(sandbox.mock.url, (line) => print(`${line}\n`))
  if (given.traffic && sandbox.envoy.url.startsWith('https:')) {
    print('No sample requests: they are sent over plain HTTP, and this listener speaks TLS.\n')
  } else if (given.traffic) {
    print(`Sent ${await sendTraffic(sandbox.envoy.url)} sample requests.\n`)
  }
}

/** Drains, delivers, ends everything, and sums up. */
export async function endSession({ sandbox, discardLog }: StartedFromCommandLine): Promise<number> {
  print('\nStopping: draining, delivering what is pending …\n')
  const { requests, metrics, flushed } = await sandbox.stop()
  print(`${summary(requests, metrics, flushed)}\n`)
  await discardLog()
  return 0
}

/** @throws UserError as soon as Envoy has exited or was ended from outside */
export async function whileEnvoyRuns<Result>(
  { sandbox: { envoy }, logFile }: StartedFromCommandLine,
  until: Promise<Result>,
): Promise<Result> {
  const ended = envoy.exited.then((exitCode) => {
    const how = exitCode === null ? 'was killed' : `ended with exit code ${exitCode}`
    throw new UserError(`Envoy ${how}. ${envoy.logTail()}\nThe whole log: ${logFile}`)
  })
  return await Promise.race([until, ended])
}
