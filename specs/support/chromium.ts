import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** A Chromium of this machine: `CHROMIUM_BIN`, the one playwright installed, or one on PATH. */
export function findChromium(): string {
  const given = process.env['CHROMIUM_BIN']
  if (given) return given
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((directory) => NAMES.map((name) => join(directory, name)))
  const found = [chromium.executablePath(), ...onPath].find((file) => existsSync(file))
  if (found) return found
  throw new Error(
    'No Chromium to be found. Run `npx playwright install chromium`, install the package chromium, or set CHROMIUM_BIN.',
  )
}
