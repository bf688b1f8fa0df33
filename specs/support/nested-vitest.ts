import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const modules = path.resolve(import.meta.dirname, '../../node_modules')

/**
 * Runs the specs of another folder, as somebody who has nothing but vitest does, and resolves with what it prints.
 *
 * @throws when a spec fails
 */
export async function nestedVitest(folder: string, nodeModules = modules): Promise<string> {
  const vitest = path.join(nodeModules, 'vitest/vitest.mjs')
  // As long as our own specs may take: vitest's five seconds are a limit of speed.
  const args = [vitest, 'run', '--root', folder, '--testTimeout=300000']
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
  })
  return stdout
}
