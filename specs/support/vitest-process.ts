import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeKilledRuns } from './killed-runs.ts'

const PROJECT = path.resolve(import.meta.dirname, '../..')
const VITEST = path.join(PROJECT, 'node_modules/vitest/vitest.mjs')
/** What Node has compiled once: workers, and the commands that specs run, start in half the time. */
const COMPILED = path.join(PROJECT, '.cache/compiled')

/** How long what was started may take to stop by itself. */
const STOPS_WITHIN_MS = 5_000

export interface VitestOptions {
  stdio: StdioOptions
  env?: NodeJS.ProcessEnv
  /** Ends the run, and all that its specs have started. */
  stop: AbortSignal
}

/**
 * Runs vitest, and resolves with its exit code when nothing of that run is left.
 *
 * @note Vitest that gets a signal ends without tearing anything down: Envoys and containers that its workers have started would stay.
 */
export async function runVitest(
  args: readonly string[],
  { stdio, env = process.env, stop }: VitestOptions,
): Promise<number> {
  // A terminal's keys reach the processes in its foreground only; else a group of its own, which can be ended as a whole.
  const hasKeyboard = stdio === 'inherit' && process.stdin.isTTY
  const child = spawn(process.execPath, [VITEST, 'run', ...args], {
    cwd: PROJECT,
    stdio,
    env: { NODE_COMPILE_CACHE: COMPILED, ...env },
    detached: !hasKeyboard,
  })
  const end = (): void => void child.kill('SIGTERM')
  stop.addEventListener('abort', end, { once: true })
  try {
    const code = await exitCode(child)
    if (!hasKeyboard) await endGroup(child.pid)
    return code
  } finally {
    stop.removeEventListener('abort', end)
    await removeKilledRuns()
  }
}

const exitCode = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code ?? 1)).once('error', reject)
  })

/** Workers, and commands that they run: they have no time to see that vitest is no more. */
async function endGroup(pid: number | undefined): Promise<void> {
  if (pid === undefined || !signalGroup(pid, 'SIGTERM')) return
  const deadline = Date.now() + STOPS_WITHIN_MS
  while (signalGroup(pid, 0) && Date.now() < deadline) await sleep(50)
  signalGroup(pid, 'SIGKILL')
}

/** False when nobody is left in it. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}
