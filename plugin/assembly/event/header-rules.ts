import { HeaderEntry, HeaderName, HeaderTable, headerName } from '../facts/header-table'
import { BodyMasks } from '../masks/body-masks'
import { matchesGlob } from '../masks/glob'
import { HeaderSelection } from '../masks/header-selection'
import { COOKIES_GROWTH, maskCookies } from '../masks/mask-cookies'
import { PAIRS_GROWTH, maskUri, mayHaveParameters } from '../masks/mask-pairs'
import { allocate } from '../memory/arena'
import { Span, equal, utf8 } from '../memory/span'
import { NameList } from '../text/name-list'

const COOKIE = headerName(utf8('cookie'))
const SET_COOKIE = headerName(utf8('set-cookie'))

/** Before anything is written: marks headers that must not be written, and replaces values of which a part must not. */
export function applyHeaderRules(
  table: HeaderTable,
  masks: HeaderSelection,
  allowed: HeaderSelection,
  parameters: BodyMasks,
): void {
  for (let i: u32 = 0; i < masks.names.count; i++) {
    const entry = table.findSpan(masks.names.at(i))
    if (entry != null) entry.masked = true
  }
  if (masks.patterns.count || allowed.given) applyToEach(table, masks.patterns, allowed)
  if (masks.cookies.count) {
    replaceCookies(table, COOKIE, masks.cookies, false)
    replaceCookies(table, SET_COOKIE, masks.cookies, true)
  }
  if (!parameters.isEmpty) replaceParameters(table, parameters)
}

function applyToEach(table: HeaderTable, patterns: NameList, allowed: HeaderSelection): void {
  for (let i: u32 = 0; i < table.count; i++) {
    const entry = table.at(i)
    if (fits(entry, patterns)) entry.masked = true
    else if (allowed.given && !isNamed(entry, allowed.names) && !fits(entry, allowed.patterns)) {
      entry.masked = true
    }
  }
}

function fits(entry: HeaderEntry, patterns: NameList): bool {
  for (let i: u32 = 0; i < patterns.count; i++) {
    if (matchesGlob(entry.name, entry.nameLength, patterns.at(i))) return true
  }
  return false
}

function isNamed(entry: HeaderEntry, names: NameList): bool {
  for (let i: u32 = 0; i < names.count; i++) {
    const name: Span = names.at(i)
    if (equal(entry.name, entry.nameLength, name.start, name.length)) return true
  }
  return false
}

function replaceCookies(
  table: HeaderTable,
  name: HeaderName,
  cookies: NameList,
  isSetCookie: bool,
): void {
  let entry = table.find(name)
  while (entry != null) {
    const to = allocate(<usize>entry.valueLength * COOKIES_GROWTH)
    table.replace(entry, to, maskCookies(entry.value, entry.valueLength, cookies, isSetCookie, to))
    entry = entry.again
  }
}

/** A URI may stand in any header: `referer`, `location`, what a proxy kept of the path. */
function replaceParameters(table: HeaderTable, parameters: BodyMasks): void {
  for (let i: u32 = 0; i < table.count; i++) {
    const entry = table.at(i)
    if (entry.masked || !mayHaveParameters(entry.value, entry.valueLength)) continue
    const to = allocate(<usize>entry.valueLength * PAIRS_GROWTH)
    table.replace(entry, to, maskUri(entry.value, entry.valueLength, parameters, to))
  }
}
