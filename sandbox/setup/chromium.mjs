import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { aptInstall, canInstall } from './apt.mjs'
import { run } from './run.mjs'
import { say } from './say.mjs'

const SHELL = 'chromium-headless-shell'
const WINDOWED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * Makes a Chromium available to the dashboard specs: `CHROMIUM_BIN`, playwright's own, a headless shell on PATH or of the Debian
 * package, with which the specs take a quarter of the processor's time, any Chromium, or at last playwright's download.
 *
 * @param {{ mayInstall: boolean }} options
 */
export async function prepareChromium({ mayInstall }) {
  if (process.env.CHROMIUM_BIN || (await hasPlaywrights()) || isOnPath([SHELL])) return
  const mayUseApt = mayInstall && (await canInstall())
  if (mayUseApt && (await aptInstall([[SHELL]]))) return
  if (isOnPath(WINDOWED)) return
  if (mayUseApt && (await aptInstall([['chromium']]))) return
  if (mayInstall) {
    say('Installing Chromium by playwright …')
    const { code } = await run('npx', ['playwright', 'install', 'chromium'])
    if (code === 0 && (await hasPlaywrights())) return
  }
  say('No Chromium: the dashboard specs cannot run. Set CHROMIUM_BIN, or install Chromium.')
}

async function hasPlaywrights() {
  const { chromium } = await import('playwright')
  return existsSync(chromium.executablePath())
}

/** @param {string[]} names */
function isOnPath(names) {
  const directories = (process.env.PATH ?? '').split(delimiter)
  return names.some((name) => directories.some((directory) => existsSync(join(directory, name))))
}
