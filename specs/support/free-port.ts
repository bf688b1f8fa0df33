import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'

/** From where on systems choose ports by themselves, for connections and for whoever listens on 0. */
const USUAL_EPHEMERAL_START = 32_768
const CHOICES = 12_000

/**
 * A port that is free on every address of this machine, and that nothing gets by chance until it is listened on: none of those that the
 * system chooses from, of which a suite takes thousands.
 */
export async function freePort(): Promise<number> {
  const end = await ephemeralStart()
  for (;;) {
    const port = randomInt(end - CHOICES, end)
    if (await isFree(port)) return port
  }
}

async function ephemeralStart(): Promise<number> {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '')
  const start = Number.parseInt(range) || USUAL_EPHEMERAL_START
  return start - CHOICES < 1024 ? USUAL_EPHEMERAL_START : start
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false)).listen(port, () => server.close(() => resolve(true)))
  })
}
