import { isIPv4 } from 'node:net'
import { getContainerRuntimeClient } from 'testcontainers'
import { isOwnAddress } from './bridge-address.ts'

const LOOPBACK = '127.0.0.1'
const EVERY_ADDRESS = ''

export interface PublishedAddress {
  /** On which address of the engine's machine ports are published; empty: on each. */
  hostIp: string
  /** The host under which this process reaches them. */
  host: string
}

/**
 * Where containers publish their ports: on loopback when the engine is on this machine. From inside a container
 * (`/.dockerenv` is there) testcontainers finds the engine at the gateway of its bridge; other machines do not reach that
 * either, but where it is an address of this machine, loopback does for it. An engine on another machine publishes on each
 * of its addresses.
 */
export async function publishedAddress(): Promise<PublishedAddress> {
  const { host } = (await getContainerRuntimeClient()).info.containerRuntime
  // @note published on IPv4; `localhost` may be IPv6 first.
  if (host === 'localhost' || host.startsWith('127.')) return { hostIp: LOOPBACK, host: LOOPBACK }
  if (!isIPv4(host) || isRemote(process.env['DOCKER_HOST'])) return { hostIp: EVERY_ADDRESS, host }
  if (await isOwnAddress(host)) return { hostIp: LOOPBACK, host: LOOPBACK }
  return { hostIp: host, host }
}

const isRemote = (dockerHost: string | undefined): boolean =>
  /^(tcp|https?|ssh):/.test(dockerHost ?? '')
