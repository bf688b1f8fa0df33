import { HeaderPairs } from '../abi/header-pairs'
import { Options } from '../config/options'
import { PLUGIN } from '../config/version'
import { splitBaseUri } from '../delivery/base-uri'
import { Span, utf8 } from '../memory/span'

const METHOD = utf8(':method')
const PATH = utf8(':path')
const AUTHORITY = utf8(':authority')
const APPLICATION_ID = utf8('x-moesif-application-id')
const USER_AGENT = utf8('user-agent')
const ACCEPT = utf8('accept')
const IF_NONE_MATCH = utf8('if-none-match')
const GET = utf8('GET')
const JSON = utf8('application/json')

const authority = new Span()
const prefix = new Span()

/** The headers of a GET of one document, to where events are sent, too. `etag`: of the document that is here; may be empty. */
export function documentRequest(options: Options, path: Span, etag: Span): HeaderPairs {
  splitBaseUri(options.baseUri, authority, prefix)
  const whole = heap.alloc(prefix.length + path.length)
  memory.copy(whole, prefix.start, prefix.length)
  memory.copy(whole + prefix.length, path.start, path.length)

  const id = options.moesifApplicationId
  const names =
    METHOD.length +
    PATH.length +
    AUTHORITY.length +
    APPLICATION_ID.length +
    USER_AGENT.length +
    ACCEPT.length +
    IF_NONE_MATCH.length
  const values =
    GET.length +
    prefix.length +
    path.length +
    authority.length +
    id.length +
    PLUGIN.length +
    JSON.length
  const pairs = new HeaderPairs(etag.length ? 7 : 6, names + values + etag.length)
  pairs.addSpan(METHOD, GET)
  pairs.add(PATH, whole, prefix.length + path.length)
  pairs.addSpan(AUTHORITY, authority)
  pairs.addSpan(APPLICATION_ID, id)
  pairs.addSpan(USER_AGENT, PLUGIN)
  pairs.addSpan(ACCEPT, JSON)
  if (etag.length) pairs.addSpan(IF_NONE_MATCH, etag)
  heap.free(whole)
  return pairs
}
