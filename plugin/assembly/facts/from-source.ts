import { sha256 } from '../codec/sha256'
import { allocate } from '../memory/arena'
import { Span, utf8 } from '../memory/span'
import { basicUser, bearerToken } from '../sources/authorization'
import { claimOf } from '../sources/jwt'
import { cookieValue, queryValue } from '../sources/pairs'
import { Source, SourceKind } from '../sources/source'
import { SourceList } from '../sources/source-list'
import { trim } from '../text/ascii'
import { HeaderTable, headerName } from './header-table'
import { firstValue } from './identity'
import { propertyText } from './property-text'

const COOKIE = headerName(utf8('cookie'))
const PATH = headerName(utf8(':path'))

const value = new Span()
const token = new Span()

/**
 * The first value of the sources that is not blank; empty when none has one. True when a source before it may still have one:
 * a header of the response, or an attribute of Envoy.
 */
export function firstOf(
  sources: SourceList,
  request: HeaderTable,
  response: HeaderTable,
  into: Span,
): bool {
  let mayChange = false
  for (let i: u32 = 0; i < sources.count; i++) {
    const source = sources.at(i)
    into.clear()
    if (read(source, request, response)) trim(value.start, value.end, into)
    if (!into.length) {
      if (source.kind == SourceKind.ResponseHeader || source.kind == SourceKind.Property) {
        mayChange = true
      }
      continue
    }
    if (source.hashed) {
      const hash = allocate(64)
      sha256(into.start, into.length, hash)
      into.set(hash, 64)
    }
    return mayChange
  }
  into.clear()
  return mayChange
}

/** Whether the source has a value, which may be blank. */
function read(source: Source, request: HeaderTable, response: HeaderTable): bool {
  switch (source.kind) {
    case SourceKind.Header:
      firstValue(request.findSpan(source.name), value)
      return true
    case SourceKind.ResponseHeader:
      firstValue(response.findSpan(source.name), value)
      return true
    case SourceKind.Property:
      return propertyText(source.name, value)
    case SourceKind.Literal:
      value.set(source.name.start, source.name.length)
      return true
    case SourceKind.Cookie:
    case SourceKind.JwtCookie:
      return inCookies(source, request)
    case SourceKind.Jwt:
    case SourceKind.Basic:
      return inCredentials(source, request)
    case SourceKind.Query: {
      const path = request.find(PATH)
      if (path == null) return false
      token.set(path.value, path.valueLength)
      return queryValue(token, source.name, value)
    }
    default:
      return false
  }
}

/** HTTP/2 clients may send one cookie a header. */
function inCookies(source: Source, request: HeaderTable): bool {
  let entry = request.find(COOKIE)
  while (entry != null) {
    token.set(entry.value, entry.valueLength)
    if (cookieValue(token, source.name, value)) {
      if (source.kind == SourceKind.Cookie) return true
      token.set(value.start, value.length)
      if (claimOf(token, source.path, value)) return true
    }
    entry = entry.again
  }
  return false
}

function inCredentials(source: Source, request: HeaderTable): bool {
  let entry = request.findSpan(source.name)
  while (entry != null) {
    trim(entry.value, entry.value + entry.valueLength, token)
    if (source.kind == SourceKind.Basic) {
      if (basicUser(token, value)) return true
    } else if (bearerToken(token, value)) {
      token.set(value.start, value.length)
      if (claimOf(token, source.path, value)) return true
    }
    entry = entry.again
  }
  return false
}
