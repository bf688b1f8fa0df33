import { HeaderPairs } from '../abi/header-pairs'
import { requestHeaders } from '../collector/request-headers'
import { Options } from '../config/options'
import { Span, utf8 } from '../memory/span'

const ACCEPT = utf8('accept')
const IF_NONE_MATCH = utf8('if-none-match')
const GET = utf8('GET')

/** The headers of a GET of one document. `etag`: of the document that is here; may be empty. */
export function documentRequest(options: Options, path: Span, etag: Span): HeaderPairs {
  return requestHeaders(options, GET, path, ACCEPT, IF_NONE_MATCH, etag)
}
