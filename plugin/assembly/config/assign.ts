import { allocate } from '../memory/arena'
import { clearText, setText } from '../memory/owned-text'
import { Span, equal, utf8 } from '../memory/span'
import { behindString, decodeString, numberAt } from '../json/read'
import { isDigit } from '../text/ascii'
import { toHeaderName } from '../text/header-name'
import { assignList } from './assign-list'
import { assignTable } from './assign-table'
import { ListKind, clearList } from './list'
import { EXPECTED, expectation, placeholder, value } from './messages'
import { Option, OptionType, TextFormat } from './option'
import { Options } from './options'
import { isPlaceholder } from './placeholder'
import { report } from './report'
import {
  DELETE,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from '../text/bytes'

const CLAMPED = utf8(', which is out of range: ')
const ROUNDED = utf8(', which is not a whole number: ')
const USED = utf8(' is used')
const IGNORED = utf8(', which is ignored')
const EXPECTED_INSTEAD = utf8('. Expected ')

/** Sets an option to its default in `config.schema.json`. */
export function assignDefault(option: Option, options: Options): void {
  const field = changetype<usize>(options) + option.field
  switch (option.type) {
    case OptionType.Text:
      setText(changetype<Span>(load<usize>(field)), option.words.start, option.words.length)
      break
    case OptionType.Flag:
      store<bool>(field, false)
      break
    case OptionType.Whole:
    case OptionType.Choice:
      store<u32>(field, option.initial)
      break
    case OptionType.List:
      clearList(<ListKind>option.initial, load<usize>(field))
      break
    case OptionType.Conditions:
      store<usize>(field, 0)
      break
    case OptionType.Table:
      clearText(changetype<Span>(load<usize>(field)))
  }
}

/** Sets an option from the JSON value at `at`, and reports what is wrong with it. `null` leaves the default. */
export function assign(option: Option, options: Options, at: usize): void {
  assignDefault(option, options)
  const first = load<u8>(at)
  if (first == LOWER_N) return
  const field = changetype<usize>(options) + option.field
  if (option.type == OptionType.Flag && (first == LOWER_T || first == LOWER_F)) {
    store<bool>(field, first == LOWER_T)
  } else if (option.type == OptionType.Whole && isNumber(first)) {
    store<u32>(field, wholeNumber(option, at))
  } else if (option.type == OptionType.Text && first == QUOTE) {
    assignText(option, changetype<Span>(load<usize>(field)), at)
  } else if (option.type == OptionType.Choice && first == QUOTE) {
    const index = choiceIndex(option, at)
    if (index < 0) refuse(option, at)
    else store<u32>(field, <u32>index)
  } else if (option.type == OptionType.List && first == OPEN_BRACKET) {
    if (!assignList(option, load<usize>(field), at)) refuse(option, at)
  } else if (option.type == OptionType.Conditions && first == OPEN_BRACKET) {
    store<usize>(field, at)
  } else if (option.type == OptionType.Table && first == OPEN_BRACE) {
    if (!assignTable(changetype<Span>(load<usize>(field)), at)) refuse(option, at)
  } else refuse(option, at)
}

function isNumber(first: u8): bool {
  return first == MINUS || isDigit(first)
}

/** The value cannot be understood: capturing will be off. */
function refuse(option: Option, at: usize): void {
  report.beginError(at)
  value(option, at)
  expectation(option, EXPECTED)
}

function wholeNumber(option: Option, at: usize): u32 {
  const given = numberAt(at)
  const rounded = floor(given)
  const used = max(option.minimum, min(option.maximum, rounded))
  if (used != given) {
    report.beginWarning(at)
    value(option, at)
    report.span(used == rounded ? ROUNDED : CLAMPED)
    report.number(<u64>used)
    report.span(USED)
    expectation(option, EXPECTED_INSTEAD)
    report.endWarning()
  }
  return <u32>used
}

function assignText(option: Option, field: Span, at: usize): void {
  let start = allocate(behindString(at) - at)
  let length = decodeString(at, start)
  while (length && load<u8>(start) == SPACE) {
    start++
    length--
  }
  while (length && load<u8>(start + length - 1) == SPACE) length--
  // A template without a value leaves an empty text: it counts as absent.
  if (!length) return
  if (option.format == TextFormat.Secret && isPlaceholder(start, length)) {
    report.beginError(at)
    placeholder(option)
    return
  }
  const header = option.format == TextFormat.HeaderName
  if (header ? toHeaderName(start, length) : isPrintable(start, length, option.format)) {
    setText(field, start, length)
  } else if (option.format == TextFormat.Secret) refuse(option, at)
  else {
    report.beginWarning(at)
    value(option, at)
    report.span(IGNORED)
    expectation(option, EXPECTED_INSTEAD)
    report.endWarning()
  }
}

function isPrintable(start: usize, length: u32, format: TextFormat): bool {
  const least: u8 = format == TextFormat.Words ? SPACE : SPACE + 1
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(start + i)
    if (byte < least || byte >= DELETE) return false
  }
  return true
}

/** Which word of a choice it is, -1 when none. */
function choiceIndex(option: Option, at: usize): i32 {
  const start = allocate(behindString(at) - at)
  const length = decodeString(at, start)
  const words = option.words
  let word = words.start
  for (let index = 0; word < words.end; index++) {
    let end = word
    while (load<u8>(end) != SPACE) end++
    if (equal(word, <u32>(end - word), start, length)) return index
    word = end + 1
  }
  return -1
}
