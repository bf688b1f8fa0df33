import { spawn } from 'node:child_process'

const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', linux: 'xdg-open' }

/** Opens the page if the machine has a way to; says so when not. */
export function openBrowser(url: string, say: (line: string) => void): void {
  const opener = OPENERS[process.platform]
  const failed = () => say(`No browser could be opened. The dashboard is at ${url}`)
  if (opener === undefined) return failed()
  spawn(opener, [url], { detached: true, stdio: 'ignore' }).once('error', failed).unref()
}
