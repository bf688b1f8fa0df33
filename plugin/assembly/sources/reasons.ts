import { utf8 } from '../memory/span'

/** Why a source cannot be read: each ends a sentence. */
export const UNKNOWN_KIND = utf8(
  'a kind of source is expected: header, response_header, cookie, query, jwt, jwt_cookie, basic, metadata, filter_state, peer, literal or sha256(...)',
)
export const UNKNOWN_ADDRESS = utf8('header:NAME, header:NAME:NUMBER or peer is expected')
export const NO_HEADER = utf8('the name of a header is expected')
export const NO_NAME = utf8('a name is expected')
export const NO_PATH = utf8('a name is expected, and behind it a colon and the path of a value')
export const EMPTY_SEGMENT = utf8('a part of the path is empty')
export const NO_INDEX = utf8('the number of an element, and ], are expected')
export const NO_DOT = utf8('a dot, [ or the end of the path is expected')
export const LONG_PATH = utf8('the path has more than 32 parts')
export const NO_PEER = utf8('subject, uri_san, dns_san or fingerprint is expected')
export const NO_NUMBER = utf8('a number from 1 to 99 is expected')
export const NOT_CLOSED = utf8(') is expected at the end')
export const CONTROL = utf8('this character is not allowed')
