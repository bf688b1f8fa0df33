import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { aptInstall, canInstall } from './apt.mjs'
import { run, succeeds } from './run.mjs'
import { say } from './say.mjs'

const ENGINE = 'dockerd'
const START_TIMEOUT_MS = 60_000

/** @note the client's exit code shows whether the engine answered, whatever DOCKER_HOST or context says. */
const engineAnswers = () => succeeds('docker', ['version'])

/**
 * Starts a Docker engine if none answers and that is possible.
 *
 * @param {{ mayInstall: boolean }} options
 * @returns {Promise<boolean>}
 */
export async function prepareDocker({ mayInstall }) {
  if (await engineAnswers()) return true
  if (!mayInstall || !(await canInstall())) {
    say(
      mayInstall
        ? 'No Docker engine answers, and only root on a Debian-like machine may install one: the Envoy specs run Envoy as a process, container-only specs are skipped.'
        : 'No Docker engine answers, and --no-install was given: the Envoy specs run Envoy as a process, container-only specs are skipped.',
    )
    return false
  }
  if (!(await succeeds(ENGINE, ['--version']))) {
    await aptInstall([
      ['docker.io', 'docker-cli', 'iptables'],
      ['docker.io', 'iptables'],
    ])
  }
  return await startEngine()
}

/**
 * `docker compose`, or Debian's older `docker-compose`.
 *
 * @param {{ mayInstall: boolean }} options
 */
export async function prepareCompose({ mayInstall }) {
  if (await succeeds('docker', ['compose', 'version'])) return
  if (await succeeds('docker-compose', ['version'])) return
  if (mayInstall && (await canInstall())) {
    await aptInstall([['docker-compose-v2'], ['docker-compose-plugin'], ['docker-compose']])
  } else {
    say('Neither docker compose nor docker-compose is there: the compose specs are skipped.')
  }
}

async function startEngine() {
  say('Starting the Docker engine …')
  const log = join(tmpdir(), 'dockerd.log')
  const started = await run('service', ['docker', 'start'])
  if (started.code !== 0 || !(await answersWithin(10_000))) {
    const output = openSync(log, 'a')
    spawn(ENGINE, [], { detached: true, stdio: ['ignore', output, output] })
      .once('error', () => {})
      .unref()
  }
  if (await answersWithin(START_TIMEOUT_MS)) return true
  const last = await readFile(log, 'utf8').catch(() => '')
  say(
    `The Docker engine does not answer: Envoy runs as a process. ${last.trim().split('\n').slice(-3).join('\n')}`,
  )
  return false
}

/** @param {number} timeoutMs */
async function answersWithin(timeoutMs) {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    if (await engineAnswers()) return true
    await sleep(250)
  }
  return false
}
