import { createServer } from 'node:net'
import { UsageError, UserError } from '../user-error.ts'

/** Ports on this machine; 0 takes any free one. */
export interface Ports {
  port: number
  mockPort: number
  adminPort: number
}

/** Defaults of `start`, and of commands without a user interface. */
export const USUAL_PORTS: Ports = { port: 10_000, mockPort: 9000, adminPort: 9901 }
export const FREE_PORTS: Ports = { port: 0, mockPort: 0, adminPort: 0 }

/** A port that is to be listened on. */
export interface WantedPort {
  port: number
  /** What wants it: `--port`, or a listener of a file. */
  who: string
  remedy: string
}

/** @param ownAdminPort of the Envoy configuration that is adopted */
export const chosenPorts = (
  given: Partial<Ports>,
  usual: Ports,
  ownAdminPort = usual.adminPort,
): Ports => ({
  port: given.port ?? usual.port,
  mockPort: given.mockPort ?? usual.mockPort,
  adminPort: given.adminPort ?? ownAdminPort,
})

/** Those of options. */
export const portsOfOptions = ({ port, mockPort, adminPort }: Ports): WantedPort[] => [
  ofOption('--port', port),
  ofOption('--mock-port', mockPort),
  ofOption('--admin-port', adminPort),
]

/**
 * @throws UsageError when two want the same port
 * @throws UserError when one cannot be listened on
 */
export async function requireFreePorts(wanted: WantedPort[]): Promise<void> {
  for (const each of requireDifferentPorts(wanted)) await requireFree(each)
}

/**
 * Returns those that are not 0.
 *
 * @throws UsageError when two want the same port
 */
export function requireDifferentPorts(wanted: WantedPort[]): WantedPort[] {
  const fixed = wanted.filter(({ port }) => port !== 0)
  fixed.forEach(({ port, who, remedy }, index) => {
    const other = fixed.slice(0, index).find((earlier) => earlier.port === port)
    if (other) {
      throw new UsageError(`Port ${port} is wanted by both ${other.who} and ${who}. ${remedy}`)
    }
  })
  return fixed
}

const ofOption = (option: string, port: number): WantedPort => ({
  port,
  who: option,
  remedy: `Choose another: ${option} N, or ${option} 0 for any free one.`,
})

async function requireFree({ port, who, remedy }: WantedPort): Promise<void> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve)
    })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason =
      code === 'EADDRINUSE' ? 'taken' : code === 'EACCES' ? 'not allowed' : `not free (${message})`
    const wantedBy = who.startsWith('--') ? '' : ` of ${who}`
    throw new UserError(`Port ${port}${wantedBy} is ${reason}. ${remedy}`)
  }
  await new Promise((resolve) => server.close(resolve))
}
