import { HeaderMap } from '../abi/header-map.ts'
import type { PropertyValue } from '../abi/property-value.ts'

/** What Envoy knows of a stream besides what it passes to callbacks; specs may change any of it at any time. */
export class StreamFacts {
  requestHeaders = new HeaderMap()
  requestTrailers = new HeaderMap()
  responseHeaders = new HeaderMap()
  responseTrailers = new HeaderMap()
  requestBytes = 0
  responseBytes = 0
  protocol: 'HTTP/1.0' | 'HTTP/1.1' | 'HTTP/2' | 'HTTP/3' = 'HTTP/1.1'
  /** Absent while there is no response. */
  responseCode: number | null = null
  codeDetails = 'via_upstream'
  /** Envoy's legacy bit mask, e.g. 16384 for a client that left. */
  responseFlags = 0
  sourceAddress = '127.0.0.1:43706'
  destinationAddress = '127.0.0.1:10000'
  upstreamAddress: string | null = '127.0.0.1:8080'
  /** The gateway's end of the connection to it. */
  upstreamLocalAddress: string | null = '127.0.0.1:43708'
  virtualHostName: string | null = 'gateway'
  routeName: string | null = null
  clusterName: string | null = 'echo'
  /** 0 unspecified, 1 inbound, 2 outbound. */
  listenerDirection = 0
  connectionId = 1
  /** Unix ms. */
  startedAt: number
  endedAt: number | null = null
  /** What plugins set through proxy_set_property, by path as they wrote it. */
  readonly setByPlugin = new Map<string, Uint8Array>()
  /** Overrides by dotted path, in every phase; null makes the property absent. */
  readonly overrides = new Map<string, PropertyValue | null>()

  constructor(startedAt: number) {
    this.startedAt = startedAt
  }
}
