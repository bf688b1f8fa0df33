/**
 * Runs before `npm start` and (`--for-tests`) `npm test`, on whatever Node >= 18 a machine has: installs what is missing,
 * says what it installs, and is silent and fast when there is nothing to do. `npm test --no-install` installs nothing
 * beyond the npm packages.
 *
 * @note Plain JavaScript without imports from node_modules: there may be none yet. What follows it runs on the
 * project's own Node, which npm finds in node_modules/.bin.
 */
import { prepareChromium } from './chromium.mjs'
import { prepareCompose, prepareDocker } from './docker.mjs'
import { installPackages } from './packages.mjs'
import { say } from './say.mjs'
import { prepareTools } from './tools.mjs'

const forTests = process.argv.includes('--for-tests')
const mayInstall =
  !process.argv.includes('--no-install') && process.env.npm_config_install === undefined

try {
  await installPackages()
  if (forTests) {
    const docker = await prepareDocker({ mayInstall })
    if (docker) await prepareCompose({ mayInstall })
    await prepareChromium({ mayInstall })
    await prepareTools({ mayInstall })
  }
} catch (error) {
  say(error.message)
  process.exitCode = 1
}
