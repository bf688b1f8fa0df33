import { allocate } from '../memory/arena'
import { Span, equal, utf8 } from '../memory/span'
import { behindString, behindValue, decodeString } from '../json/read'
import { jsonBrokenAt, skipSpace } from '../json/validate'
import { isInAnyCase } from '../text/ascii'
import { markLength } from '../text/byte-order-mark'
import { addAuthorizationSources } from './authorization-sources'
import { assign, assignDefault } from './assign'
import { nearestOption } from './nearest'
import { Option } from './option'
import { OPTIONS } from './option-table'
import { Options } from './options'
import { report } from './report'
import { CLOSE_BRACE, COMMA, OPEN_BRACE } from '../text/bytes'

const EMPTY = utf8('there is no configuration')
const NOT_JSON = utf8('the configuration is not JSON: cannot read on at byte ')
const OF = utf8(' of ')
const NO_OBJECT = utf8('the configuration is no JSON object')
const NO_APPLICATION_ID = utf8('option "moesif_application_id" is missing')
const EXPECTED_DOCUMENT = utf8(
  ', expected a JSON object with your Moesif application id, as {"moesif_application_id": "..."}.',
)
const OPTION = utf8('option "')
const UNKNOWN = utf8('" is not known and ignored')
const TWICE = utf8('" is given more than once: the last value counts.')
const DID_YOU_MEAN = utf8('. Did you mean "')
const QUESTION = utf8('"?')
const UNKNOWN_PRIVACY = utf8(
  '" is not known, and looks as if something should be kept private: expected one of the documented options',
)
const PERIOD = utf8('.')

/** Words in the name of an unknown option that make it a matter of privacy: other Moesif plugins have such options. */
const PRIVATE_WORDS: Span[] = [
  utf8('mask'),
  utf8('disable_capture'),
  utf8('redact'),
  utf8('sensitive'),
  utf8('log_body'),
  utf8('logbody'),
  utf8('hide'),
]

/** The options of a document, or null when capturing must be off; the reason is logged. */
export function parseOptions(document: Span): Options | null {
  report.beginDocument(document)
  const options = new Options()
  for (let i = 0; i < OPTIONS.length; i++) assignDefault(OPTIONS[i], options)
  readDocument(document, options)
  addAuthorizationSources(options)
  if (!report.failed() && !options.moesifApplicationId.length) {
    report.beginError(0)
    report.span(NO_APPLICATION_ID)
    report.remedy(EXPECTED_DOCUMENT)
  }
  report.end()
  if (!report.failed()) return options
  options.free()
  return null
}

function readDocument(document: Span, options: Options): void {
  let start = document.start
  let length = document.length
  const mark = markLength(start, length)
  start += mark
  length -= mark
  if (!length) return refuse(EMPTY)
  const brokenAt = jsonBrokenAt(start, length)
  if (brokenAt) {
    report.beginError(brokenAt)
    report.span(NOT_JSON)
    report.number(<u64>(brokenAt - document.start) + 1)
    report.span(OF)
    report.number(document.length)
    report.remedy(EXPECTED_DOCUMENT)
    return
  }
  const at = skipSpace(start)
  if (load<u8>(at) != OPEN_BRACE) return refuse(NO_OBJECT)
  readObject(at, options)
}

function refuse(words: Span): void {
  report.beginError(0)
  report.span(words)
  report.remedy(EXPECTED_DOCUMENT)
}

function readObject(from: usize, options: Options): void {
  const seen = allocate(OPTIONS.length)
  memory.fill(seen, 0, OPTIONS.length)
  let at = skipSpace(from + 1)
  while (load<u8>(at) != CLOSE_BRACE) {
    const nameAt = at
    const behindName = behindString(at)
    const name = allocate(behindName - at)
    const length = decodeString(at, name)
    at = skipSpace(skipSpace(behindName) + 1)
    const index = indexOf(name, length)
    if (index < 0) unknown(nameAt, name, length)
    else {
      if (load<u8>(seen + index)) warnTwice(nameAt, name, length)
      store<u8>(seen + index, 1)
      assign(OPTIONS[index], options, at)
    }
    at = skipSpace(behindValue(at))
    if (load<u8>(at) == COMMA) at = skipSpace(at + 1)
  }
}

function indexOf(name: usize, length: u32): i32 {
  for (let i = 0; i < OPTIONS.length; i++) {
    const known = OPTIONS[i].name
    if (equal(known.start, known.length, name, length)) return i
  }
  return -1
}

function warnTwice(at: usize, name: usize, length: u32): void {
  report.beginWarning(at)
  report.span(OPTION)
  report.excerpt(name, length)
  report.span(TWICE)
  report.endWarning()
}

function unknown(at: usize, name: usize, length: u32): void {
  const near = nearestOption(name, length)
  const isPrivate = (near != null && near.privacy) || hasPrivateWord(name, length)
  if (isPrivate) report.beginError(at)
  else report.beginWarning(at)
  report.span(OPTION)
  report.excerpt(name, length)
  report.span(isPrivate ? UNKNOWN_PRIVACY : UNKNOWN)
  if (near != null) suggest(near)
  else report.span(PERIOD)
  if (!isPrivate) report.endWarning()
}

function suggest(option: Option): void {
  report.remedy(DID_YOU_MEAN)
  report.span(option.name)
  report.span(QUESTION)
}

function hasPrivateWord(name: usize, length: u32): bool {
  for (let i = 0; i < PRIVATE_WORDS.length; i++) {
    const word = PRIVATE_WORDS[i]
    for (let at: u32 = 0; at + word.length <= length; at++) {
      if (isInAnyCase(name + at, word.length, word)) return true
    }
  }
  return false
}
