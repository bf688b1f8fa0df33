import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { aptInstall, canInstall } from './apt.mjs'
import { run } from './run.mjs'
import { say } from './say.mjs'

/** The shell first: it draws no window, and the specs take a quarter of the processor's time with it. */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
]

/**
 * Sees to it that the dashboard specs find a Chromium: `CHROMIUM_BIN`, playwright's own, PATH, a Debian package,
 * or at last playwright's download.
 *
 * @param {{ mayInstall: boolean }} options
 */
export async function prepareChromium({ mayInstall }) {
  if (await hasChromium()) return
  if (
    mayInstall &&
    (await canInstall()) &&
    (await aptInstall([['chromium-headless-shell'], ['chromium']]))
  )
    return
  if (mayInstall) {
    say('Installing Chromium by playwright …')
    const { code } = await run('npx', ['playwright', 'install', 'chromium'])
    if (code === 0 && (await hasChromium())) return
  }
  say('No Chromium: the dashboard specs cannot run. Set CHROMIUM_BIN, or install Chromium.')
}

async function hasChromium() {
  if (process.env.CHROMIUM_BIN) return true
  const { chromium } = await import('playwright')
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((directory) => NAMES.map((name) => join(directory, name)))
  return [chromium.executablePath(), ...onPath].some((file) => existsSync(file))
}
