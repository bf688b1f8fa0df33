import { isObject, textAt } from '../path.ts'

export const WASM_FILTER = 'envoy.extensions.filters.http.wasm.v3.Wasm'
export const ROUTER = 'envoy.extensions.filters.http.router.v3.Router'
export const UPSTREAM_TLS = 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext'
export const STRING_VALUE = 'google.protobuf.StringValue'
export const BYTES_VALUE = 'google.protobuf.BytesValue'
export const CLUSTER = 'envoy.config.cluster.v3.Cluster'

/** As configurations write a type. */
export const typeUrl = (type: string): string => `type.googleapis.com/${type}`

/** The message type of a `typed_config`, whatever host its type URL names, a `TypedStruct`'s included. */
export function anyType(value: unknown): string | undefined {
  const type = typeName(textAt(value, ['@type']))
  return type?.endsWith('.TypedStruct') ? typeName(textAt(value, ['type_url'])) : type
}

/** Where the message's fields are: in a `TypedStruct` below `value`. */
export const fieldsOf = (value: unknown): 'value'[] =>
  isObject(value) && textAt(value, ['@type'])?.endsWith('.TypedStruct') ? ['value'] : []

const typeName = (url: string | undefined): string | undefined => url?.split('/').at(-1)
