import { headOf, plainResponse, type Adapter } from '../collector/msw-adapter.ts'
import { ServedRequest } from './served-request.ts'

/** For requests that came over a socket: a fault may slow the reading down, or break the connection. */
export const socketAdapter: Adapter = {
  arrivalOf(request) {
    const served = ofSocket(request)
    return {
      ...headOf(served, served.plainHeaders),
      hasBody: served.hasBody,
      readBody: (limit, hold) => served.read(limit, hold),
      bodyStart: () => served.bodyStart(),
      throttle: (bytesPerSecond) => served.throttle(bytesPerSecond),
    }
  },
  responseTo(request, answer) {
    if (answer.connection === 'reset') return Response.error()
    if (answer.connection) ofSocket(request).breakOff = answer.connection
    return plainResponse(request, answer)
  },
}

function ofSocket(request: Request): ServedRequest {
  if (request instanceof ServedRequest) return request
  throw new TypeError('The server passes requests of its own only')
}
