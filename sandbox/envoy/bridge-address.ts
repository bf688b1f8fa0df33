import { once } from 'node:events'
import { createServer } from 'node:net'
import { getContainerRuntimeClient } from 'testcontainers'

const LOOPBACK = '127.0.0.1'
/** The default network, as Docker and Podman call it. */
const DEFAULT_NETWORKS = ['bridge', 'podman']

interface InspectedNetwork {
  IPAM?: { Config?: { Gateway?: string; Subnet?: string }[] }
}

/**
 * The address on which a server of this machine is reached from containers and from nowhere else: that of the engine's
 * bridge. An engine in a virtual machine (Docker Desktop, Colima) has its bridge there and forwards to loopback.
 */
export async function bridgeAddress(): Promise<string> {
  const { container } = await getContainerRuntimeClient()
  for (const name of DEFAULT_NETWORKS) {
    const network = (await container.dockerode
      .getNetwork(name)
      .inspect()
      .catch(() => undefined)) as InspectedNetwork | undefined
    for (const { Gateway, Subnet } of network?.IPAM?.Config ?? []) {
      const address = Gateway ?? firstAddressOf(Subnet)
      if (address?.includes('.') && (await isOwnAddress(address))) return address
    }
  }
  return LOOPBACK
}

/** `172.17.0.0/16` -> `172.17.0.1`, which the engine gives its bridge by default. */
const firstAddressOf = (subnet: string | undefined): string | undefined =>
  subnet?.replace(/(\d+)\/\d+$/, (_, last: string) => String(Number(last) + 1))

/**
 * Whether it is an address of this machine.
 *
 * @note asked by listening: `os.networkInterfaces()` leaves the bridge out while no container is on it.
 */
export async function isOwnAddress(address: string): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(0, address)
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
