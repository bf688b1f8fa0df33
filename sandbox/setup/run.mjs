import { spawn } from 'node:child_process'

/**
 * Runs a command to its end; its output goes to stderr, as it comes, when `show` is set.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ show?: boolean, cwd?: string, env?: Record<string, string | undefined> }} [options]
 * @returns {Promise<{ code: number | null, output: string }>} code null: not found, or killed
 */
export function run(command, args, { show = false, cwd, env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk
        if (show) process.stderr.write(chunk)
      })
    }
    child.once('error', () => resolve({ code: null, output }))
    child.once('close', (code) => resolve({ code, output }))
  })
}

/**
 * @param {string} command
 * @param {string[]} args
 */
export const succeeds = async (command, args) => (await run(command, args)).code === 0
