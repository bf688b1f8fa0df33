import { Span, utf8 } from '../memory/span'
import { behindValue } from '../json/read'
import { ListKind, listExpected } from './list'
import { Option, OptionType, TextFormat } from './option'
import { report } from './report'
import { LOWER_F, LOWER_N, LOWER_T, OPEN_BRACE, OPEN_BRACKET, QUOTE } from '../text/bytes'

const OPTION = utf8('option "')
const IS = utf8('" is ')
const IS_PLACEHOLDER = utf8('" is still the placeholder')
const EXPECTED_IN_ITS_PLACE = utf8(': expected ')
const A_STRING = utf8('a string')
const A_NUMBER = utf8('a number')
const A_BOOLEAN = utf8('true or false')
const A_LIST = utf8('a list')
const AN_OBJECT = utf8('an object')
const NULL = utf8('null')
export const EXPECTED = utf8(', expected ')
const A_FLAG = utf8('true or false.')
const A_WHOLE_NUMBER = utf8('a whole number from ')
const TO = utf8(' to ')
const PERIOD = utf8('.')
const ONE_OF = utf8('one of: ')
const CONDITIONS = utf8(
  'a list as [{"conditions": [{"path": "request.route", "value": "^/health"}]}].',
)
const A_TABLE = utf8(
  'an object of names and values, of 4096 bytes at most, without names that the plugin itself gives to metadata.',
)
const APPLICATION_ID = utf8('your Moesif application id, a string of printable ASCII characters.')
const HEADER_NAME = utf8('a header\'s name, as "X-User-Id".')
const TEXT = utf8('a string of printable ASCII characters.')

/** `option "debug" is "yes"`: never the value of a secret. */
export function value(option: Option, at: usize): void {
  report.span(OPTION)
  report.span(option.name)
  report.span(IS)
  if (option.format == TextFormat.Secret) report.span(kindOf(at))
  else report.excerpt(at, <u32>(behindValue(at) - at))
}

/** `option "moesif_application_id" is still the placeholder: …` */
export function placeholder(option: Option): void {
  report.span(OPTION)
  report.span(option.name)
  report.span(IS_PLACEHOLDER)
  expectation(option, EXPECTED_IN_ITS_PLACE)
}

/** What the option takes, behind words that end with `expected `. */
export function expectation(option: Option, words: Span): void {
  report.remedy(words)
  if (option.type == OptionType.Flag) report.span(A_FLAG)
  else if (option.type == OptionType.List) report.span(listExpected(<ListKind>option.initial))
  else if (option.type == OptionType.Conditions) report.span(CONDITIONS)
  else if (option.type == OptionType.Table) report.span(A_TABLE)
  else if (option.type == OptionType.Whole) {
    report.span(A_WHOLE_NUMBER)
    report.number(<u64>option.minimum)
    report.span(TO)
    report.number(<u64>option.maximum)
    report.span(PERIOD)
  } else if (option.type == OptionType.Choice) {
    report.span(ONE_OF)
    report.excerpt(option.words.start, option.words.length - 1)
    report.span(PERIOD)
  } else if (option.format == TextFormat.Secret) report.span(APPLICATION_ID)
  else report.span(option.format == TextFormat.HeaderName ? HEADER_NAME : TEXT)
}

/** What kind of value begins at `at`, where the value itself must not be shown. */
function kindOf(at: usize): Span {
  switch (load<u8>(at)) {
    case QUOTE:
      return A_STRING
    case OPEN_BRACE:
      return AN_OBJECT
    case OPEN_BRACKET:
      return A_LIST
    case LOWER_T:
    case LOWER_F:
      return A_BOOLEAN
    case LOWER_N:
      return NULL
    default:
      // JSON that was accepted begins with nothing else but a digit or a minus.
      return A_NUMBER
  }
}
