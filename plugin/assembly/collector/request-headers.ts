import { HeaderPairs } from '../abi/header-pairs'
import { Options } from '../config/options'
import { PLUGIN } from '../config/version'
import { Span, utf8 } from '../memory/span'
import { splitBaseUri } from './base-uri'

const METHOD = utf8(':method')
const PATH = utf8(':path')
const AUTHORITY = utf8(':authority')
const APPLICATION_ID = utf8('x-moesif-application-id')
const USER_AGENT = utf8('user-agent')
const JSON = utf8('application/json')

const authority = new Span()
const prefix = new Span()

/**
 * The headers of a call to the collector.
 *
 * @param path what follows the path of `base_uri`
 * @param type the name of the header whose value is JSON's media type
 * @param name one header more, left out where its value is empty
 */
export function requestHeaders(
  options: Options,
  method: Span,
  path: Span,
  type: Span,
  name: Span,
  value: Span,
): HeaderPairs {
  splitBaseUri(options.baseUri, authority, prefix)
  const id = options.moesifApplicationId
  const names =
    METHOD.length +
    PATH.length +
    AUTHORITY.length +
    type.length +
    APPLICATION_ID.length +
    USER_AGENT.length
  const values =
    method.length +
    prefix.length +
    path.length +
    authority.length +
    JSON.length +
    id.length +
    PLUGIN.length
  const more = value.length ? name.length + value.length : 0
  const pairs = new HeaderPairs(more ? 7 : 6, names + values + more)
  const whole = heap.alloc(prefix.length + path.length)
  memory.copy(whole, prefix.start, prefix.length)
  memory.copy(whole + prefix.length, path.start, path.length)
  pairs.addSpan(METHOD, method)
  pairs.add(PATH, whole, prefix.length + path.length)
  heap.free(whole)
  pairs.addSpan(AUTHORITY, authority)
  pairs.addSpan(type, JSON)
  pairs.addSpan(APPLICATION_ID, id)
  pairs.addSpan(USER_AGENT, PLUGIN)
  if (more) pairs.addSpan(name, value)
  return pairs
}
