import { allocate } from '../memory/arena'
import { Span, utf8 } from '../memory/span'
import { SourceUse, parseSource } from '../sources/parse-source'
import { SourceList } from '../sources/source-list'
import { trim } from '../text/ascii'
import { BACKSLASH, COLON, COMMA, DOT, OPEN_BRACKET } from '../text/bytes'
import { TextError } from '../text/text-error'
import { AUTHORIZATION_HEADER_NAME, AUTHORIZATION_USER_ID_FIELD } from './option-table'
import { Options } from './options'
import { report } from './report'

const JWT = utf8('jwt:')
const BASIC = utf8('basic:')
const NO_HEADER = utf8('option "authorization_header_name" is "')
const EXPECTED = utf8('", expected the names of headers, separated by commas.')

const error = new TextError()
const header = new Span()

/** Translates the options of Moesif's plugin for Kong into sources, which follow those that are given. */
export function addAuthorizationSources(options: Options): void {
  const names = options.authorizationHeaderName
  const user = options.authorizationUserIdField
  const company = options.authorizationCompanyIdField
  if (!names.length && !user.length && !company.length) return
  const all = names.length ? names : AUTHORIZATION_HEADER_NAME
  let at = all.start
  while (at < all.end) {
    let stop = at
    while (stop < all.end && load<u8>(stop) != COMMA) stop++
    trim(at, stop, header)
    at = stop + 1
    if (!header.length) continue
    const understood =
      add(JWT, user.length ? user : AUTHORIZATION_USER_ID_FIELD, options.userIdSources) &&
      add(BASIC, null, options.userIdSources) &&
      (!company.length || add(JWT, company, options.companyIdSources))
    if (!understood) return refuse(names)
  }
}

/** `kind` and the header, and the claim behind a colon. */
function add(kind: Span, claim: Span | null, sources: SourceList): bool {
  const text = allocate(kind.length + header.length + 1 + (claim == null ? 0 : claim.length * 2))
  memory.copy(text, kind.start, kind.length)
  let end = text + kind.length
  memory.copy(end, header.start, header.length)
  end += header.length
  if (claim != null) {
    store<u8>(end++, COLON)
    // The name of one claim, whatever characters are in it.
    for (let at = claim.start; at < claim.end; at++) {
      const byte = load<u8>(at)
      if (byte == DOT || byte == OPEN_BRACKET || byte == BACKSLASH) store<u8>(end++, BACKSLASH)
      store<u8>(end++, byte)
    }
  }
  const source = parseSource(text, <u32>(end - text), SourceUse.Identity, error)
  if (source == null) return false
  sources.push(source)
  return true
}

function refuse(names: Span): void {
  report.beginError(0)
  report.span(NO_HEADER)
  report.excerpt(names.start, names.length)
  report.remedy(EXPECTED)
}
