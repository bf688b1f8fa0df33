import { integerProperty, property } from '../abi/property'
import { Span, equal, utf8 } from '../memory/span'
import { HeaderTable, headerName } from './header-table'

const CODE_DETAILS = utf8('response\0code_details')
const VIA_UPSTREAM = utf8('via_upstream')
const FLAGS = utf8('response\0flags')
const GRPC_STATUS = utf8('response\0grpc_status')
const CONTENT_TYPE = headerName(utf8('content-type'))
const GRPC = utf8('application/grpc')

/** How an exchange ended, as Envoy reports it. */
@unmanaged
export class Outcome {
  /** `response_code_details`; empty for a whole answer of the upstream. */
  readonly details: Span = new Span()
  /** Bits of the response flags. */
  flags: u64
  /** -1: none. */
  grpcStatus: i64 = -1

  /**
   * Reads a property only where it can have a value: each costs as much as writing a quarter of the event.
   *
   * @param whole an upstream's answer below 400 came through to its end
   * @param logged whether this is on_log: elsewhere Envoy makes up a gRPC status, not having seen the trailers
   */
  ask(status: u32, whole: bool, logged: bool, request: HeaderTable): void {
    this.details.clear()
    this.flags = 0
    if (!whole) {
      property(CODE_DETAILS, this.details)
      const isError = status < 200 || status >= 400
      if (isError || !this.isViaUpstream()) this.flags = integerProperty(FLAGS, 0)
    }
    this.grpcStatus = logged && isGrpc(request) ? integerProperty(GRPC_STATUS, -1) : -1
  }

  /** Whether the details are Envoy's word for an answer of the upstream that came through whole. */
  private isViaUpstream(): bool {
    const details = this.details
    return equal(details.start, details.length, VIA_UPSTREAM.start, VIA_UPSTREAM.length)
  }
}

/** For any other answer Envoy makes up a gRPC status. */
function isGrpc(request: HeaderTable): bool {
  const type = request.find(CONTENT_TYPE)
  if (type == null || type.valueLength < GRPC.length) return false
  return memory.compare(type.value, GRPC.start, GRPC.length) == 0
}
