import type { CommandLine } from './command-line.ts'
import { Interruption } from './interruption.ts'
import { openBrowser } from './open-browser.ts'
import { panel } from './panel.ts'
import { startFromCommandLine } from './start-from-command-line.ts'
import { summary } from './summary.ts'
import { sendTraffic } from './traffic.ts'

const print = (text: string): boolean => process.stdout.write(text)

/** `start`: everything up, until Ctrl-C. */
export async function start(commandLine: CommandLine): Promise<number> {
  using interruption = new Interruption()
  const { sandbox, logFile } = await startFromCommandLine(commandLine)
  print(panel(sandbox, logFile))
  if (commandLine.open) openBrowser(sandbox.mock.url, (line) => print(`${line}\n`))
  if (commandLine.traffic && !interruption.happened) {
    print(`Sent ${await sendTraffic(sandbox.envoy.url)} sample requests.\n`)
  }

  await interruption.signal

  print('\nStopping: draining, delivering what is pending …\n')
  const { requests, metrics, flushed } = await sandbox.stop()
  print(`${summary(requests, metrics, flushed)}\n`)
  return 0
}
