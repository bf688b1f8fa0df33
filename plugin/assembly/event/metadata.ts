import { Status } from '../abi/constants'
import { integerProperty, property } from '../abi/property'
import { Span, utf8 } from '../abi/span'
import { VERSION } from '../config/version'
import { HeaderTable } from '../capture/header-table'
import { responseFlags } from './response-flags'
import * as writer from './writer'

const ROUTE_NAME = utf8('xds\0route_name')
const CLUSTER_NAME = utf8('xds\0cluster_name')
const CODE_DETAILS = utf8('response\0code_details')
const FLAGS = utf8('response\0flags')
const REQUEST_ID = utf8('x-request-id')

const OPEN = utf8(',"metadata":{"plugin":"moesif-envoy-wasm-plugin/' + VERSION + '"')
const ROUTE = utf8(',"route":"')
const CLUSTER = utf8(',"cluster":"')
const DETAILS = utf8(',"response_code_details":"')
const RESPONSE_FLAGS = utf8(',"response_flags":"')
const ID = utf8(',"request_id":"')

const value = new Span()

/** What Envoy knows about the exchange, as far as it knows it. */
export function metadata(request: HeaderTable): void {
  writer.literal(OPEN)
  text(ROUTE_NAME, ROUTE)
  text(CLUSTER_NAME, CLUSTER)
  text(CODE_DETAILS, DETAILS)
  const flags = integerProperty(FLAGS, 0)
  if (flags) {
    writer.literal(RESPONSE_FLAGS)
    responseFlags(flags)
    writer.byte(0x22)
  }
  const id = request.find(REQUEST_ID)
  if (id != null && id.valueLength && !id.masked) {
    writer.literal(ID)
    writer.escaped(id.value, id.valueLength)
    writer.byte(0x22)
  }
  writer.byte(0x7d)
}

function text(path: Span, key: Span): void {
  if (property(path, value) != Status.Ok || !value.length) return
  writer.literal(key)
  writer.escaped(value.start, value.length)
  writer.byte(0x22)
}
