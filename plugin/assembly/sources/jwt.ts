import { allocate } from '../memory/arena'
import { Span } from '../memory/span'
import { decodeBase64 } from '../codec/base64'
import { findValue } from '../json/find'
import { isJson } from '../json/validate'
import { DOT } from '../text/bytes'
import { scalarAt } from './json-scalar'

/** A longer token is ignored. */
const MOST_BYTES: u32 = 65536

/**
 * A claim of a JSON Web Token (RFC 7519) in its compact form. The signature is not verified: that is what Envoy's
 * jwt_authn is for. False when it is not such a token, is encrypted, or has no such claim that is a string, a number or a
 * boolean.
 */
export function claimOf(token: Span, path: Span, into: Span): bool {
  if (token.length > MOST_BYTES) return false
  const payload = behindDot(token.start, token.end)
  const signature = behindDot(payload, token.end)
  if (!signature || behindDot(signature, token.end)) return false
  const length = <u32>(signature - 1 - payload)
  const document = allocate(length)
  const size = decodeBase64(payload, length, document)
  if (size <= 0 || !isJson(document, size)) return false
  const value = findValue(document, path)
  return value != 0 && scalarAt(value, into)
}

/** 0 when there is no further dot. */
function behindDot(from: usize, end: usize): usize {
  if (!from) return 0
  for (let at = from; at < end; at++) if (load<u8>(at) == DOT) return at + 1
  return 0
}
