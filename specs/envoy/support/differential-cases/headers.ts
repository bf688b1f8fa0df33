export const json = { 'content-type': 'application/json' }
export const chunked = { 'transfer-encoding': 'chunked' }
export const plainText = { 'content-type': 'text/plain' }
export const grpc = { 'content-type': 'application/grpc', te: 'trailers' }
export const text = (body: string) => ({ 'content-length': String(body.length), ...plainText })
