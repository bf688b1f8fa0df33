import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Scenario } from './scenarios.ts'

const run = promisify(execFile)

export interface Load {
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  /** Socket errors and answers other than 2xx: any makes the measurement void. */
  errors: number
}

/** One run of wrk with one thread. */
export async function wrk(
  url: string,
  scenario: Scenario,
  { seconds, connections }: { seconds: number; connections: number },
): Promise<Load> {
  const directory = await mkdtemp(join(tmpdir(), 'moesif-bench-'))
  try {
    const script = join(directory, 'scenario.lua')
    await writeFile(script, luaOf(scenario))
    const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script]
    const { stdout } = await run('wrk', [...flags, `${url}${scenario.path}`])
    return parse(stdout)
  } finally {
    await rm(directory, { recursive: true })
  }
}

function luaOf({ method, headers, body }: Scenario): string {
  const lines = Object.entries(headers).map(
    ([name, value]) => `wrk.headers["${name}"] = "${value}"`,
  )
  return [
    `wrk.method = "${method}"`,
    ...lines,
    ...(body ? [`wrk.body = [==[${body}]==]`] : []),
  ].join('\n')
}

function parse(output: string): Load {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0)
  const latency = (percent: string) => {
    const [, value, unit] = new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s)`).exec(output) ?? []
    return Number(value) * (unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1)
  }
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(
    output,
  )
  return {
    requestsPerSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: latency('50'),
    p99Ms: latency('99'),
    errors:
      number(/Non-2xx or 3xx responses: (\d+)/) +
      (socketErrors ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0),
  }
}
