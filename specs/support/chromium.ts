import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright'

/** The shell draws no window: the same page takes it a quarter of the processor's time. */
const SHELL = 'chromium-headless-shell'
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts a Chromium of this machine: `CHROMIUM_BIN`, the one playwright installed, or one on PATH. */
export function launchChromium(...switches: string[]): Promise<Browser> {
  return chromium.launch({ ...findChromium(), args: [...SWITCHES, ...switches] })
}

/** Without a path playwright takes its own headless shell. */
function findChromium(): { executablePath?: string } {
  const given = process.env['CHROMIUM_BIN']
  if (given) return { executablePath: given }
  if (existsSync(chromium.executablePath())) return {}
  const directories = (process.env['PATH'] ?? '').split(delimiter)
  const found = [SHELL, ...NAMES]
    .flatMap((name) => directories.map((directory) => join(directory, name)))
    .find((file) => existsSync(file))
  if (found) return { executablePath: found }
  throw new Error(
    'No Chromium to be found. Run `npx playwright install chromium`, install the package chromium, or set CHROMIUM_BIN.',
  )
}
