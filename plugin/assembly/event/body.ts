import { BodyPrefix, BodyState } from '../capture/body-prefix'
import { Options } from '../config/options'
import { HeaderTable } from '../facts/header-table'
import { Compression } from '../inflate/decompress'
import { isJson } from '../json/validate'
import { BodyMasks } from '../masks/body-masks'
import { JSON_GROWTH, NAMES_GROWTH, maskJson } from '../masks/mask-json'
import { maskLines } from '../masks/mask-lines'
import { maskForm } from '../masks/mask-pairs'
import { allocate } from '../memory/arena'
import { Span, utf8 } from '../memory/span'
import { CLOSE_BRACE, QUOTE } from '../text/bytes'
import { markLength } from '../text/byte-order-mark'
import { Decompressed, compressionIn, decompressBody } from './decompressed'
import { MediaType, isWanted, mediaTypeOf } from './media-type'
import * as writer from './writer'

const AS_JSON = utf8(',"transfer_encoding":"json","body":')
const AS_BASE64 = utf8(',"transfer_encoding":"base64","body":"')
const LEFT_OUT = utf8('{"msg":"body left out: ')
const LENGTH = utf8('","length":')

/** Why a body is not in its event: each ends the sentence `body left out: `. */
const OVER_REQUEST_LIMIT = utf8('longer than request_max_body_size_limit')
const OVER_RESPONSE_LIMIT = utf8('longer than response_max_body_size_limit')
const REQUEST_GROWN = utf8('longer than request_max_body_size_limit when decompressed')
const RESPONSE_GROWN = utf8('longer than response_max_body_size_limit when decompressed')
const OVER_EVENT_LIMIT = utf8('it would make the event longer than 1000000 bytes')
const OUT_OF_MEMORY = utf8('too many bodies are being captured at once')
const UNREADABLE = utf8('Envoy did not show all of it')
const UNWANTED = utf8('its content type is not in capture_body_content_types')
const NOT_JSON = utf8('it cannot be masked, since it is no valid JSON')
const NO_MASKABLE_TYPE = utf8('it cannot be masked, since it is neither JSON nor a form')
const INCOMPLETE = utf8('it cannot be masked, since its end did not pass')
const ENCODED = utf8('it cannot be masked, since it is compressed')

const content = new Span()

/**
 * `,"transfer_encoding":…,"body":…`, or nothing when no byte of a body passed. JSON that is labelled, whole and valid is
 * embedded as it is, everything else is base64. A body that is left out leaves an object that says why and its length.
 */
export function body(
  prefix: BodyPrefix,
  table: HeaderTable,
  options: Options,
  isRequest: bool,
  isWhole: bool,
  fitsEvent: bool,
): void {
  if (prefix.total == 0) return
  const why = reasonToLeaveOut(prefix, table, options, isRequest, fitsEvent)
  if (why != null) return leftOut(why, prefix.total)

  content.set(prefix.start, prefix.length)
  const type = mediaTypeOf(table)
  const compression = compressionIn(table, content, type != MediaType.Other)
  if (compression != Compression.None && isReadable(compression, options)) {
    const limit = isRequest ? options.requestMaxBodySizeLimit : options.responseMaxBodySizeLimit
    const result = decompressBody(compression, content, limit)
    if (result == Decompressed.TooLong) {
      return leftOut(isRequest ? REQUEST_GROWN : RESPONSE_GROWN, prefix.total)
    }
    if (!content.length) return
  }
  const masks = isRequest ? options.requestBodyMasks : options.responseBodyMasks
  if (!masks.isEmpty) {
    if (isWhole) masked(type, masks, compression != Compression.None, prefix)
    else leftOut(INCOMPLETE, prefix.total)
  } else if (isWhole && type == MediaType.Json && isJsonBody()) {
    writer.literal(AS_JSON)
    writer.raw(content.start, content.length)
  } else asBase64(content.start, content.length)
}

function reasonToLeaveOut(
  prefix: BodyPrefix,
  table: HeaderTable,
  options: Options,
  isRequest: bool,
  fitsEvent: bool,
): Span | null {
  if (!isWanted(table, options.captureBodyContentTypes)) return UNWANTED
  if (prefix.state == BodyState.OverLimit) {
    return isRequest ? OVER_REQUEST_LIMIT : OVER_RESPONSE_LIMIT
  }
  if (prefix.state == BodyState.OutOfMemory) return OUT_OF_MEMORY
  if (prefix.state == BodyState.Unreadable) return UNREADABLE
  return fitsEvent ? null : OVER_EVENT_LIMIT
}

function isReadable(compression: Compression, options: Options): bool {
  return compression != Compression.Unknown && !options.disableBodyDecompression
}

function skipByteOrderMark(): void {
  const mark = markLength(content.start, content.length)
  if (mark) content.set(content.start + mark, content.length - mark)
}

function isJsonBody(): bool {
  const start = content.start
  const length = content.length
  skipByteOrderMark()
  if (isJson(content.start, content.length)) return true
  content.set(start, length)
  return false
}

/** What cannot be masked is left out: it might hold what the masks name. */
function masked(type: MediaType, masks: BodyMasks, compressed: bool, prefix: BodyPrefix): void {
  if (type == MediaType.Other) return leftOut(NO_MASKABLE_TYPE, prefix.total)
  const stillCompressed = compressed && content.start == prefix.start
  skipByteOrderMark()
  const length = content.length
  if (type == MediaType.Json) {
    const to = writer.room(<usize>length * (masks.steps ? JSON_GROWTH : NAMES_GROWTH) + ROOM_AROUND)
    if (!to) return
    writer.literal(AS_JSON)
    const end = maskJson(content.start, length, masks, to + AS_JSON.length)
    writer.advance(end ? end : to)
    if (end) return
  } else if (type == MediaType.JsonLines || !stillCompressed) {
    const to = allocate(<usize>length * JSON_GROWTH + ROOM_AROUND)
    const end =
      type == MediaType.Form
        ? maskFormOrJson(length, masks, to)
        : maskLines(content.start, length, masks, to)
    if (end) return asBase64(to, <u32>(end - to))
  }
  if (stillCompressed) leftOut(ENCODED, prefix.total)
  else leftOut(type == MediaType.Form ? NO_MASKABLE_TYPE : NOT_JSON, prefix.total)
}

/** `curl -d '{…}'` says that JSON is a form. */
function maskFormOrJson(length: u32, masks: BodyMasks, to: usize): usize {
  const end = maskForm(content.start, length, masks, to)
  return end ? end : maskJson(content.start, length, masks, to)
}

/** For what is written before, and beyond. */
const ROOM_AROUND: usize = 64

function asBase64(start: usize, length: u32): void {
  writer.literal(AS_BASE64)
  writer.base64(start, length)
  writer.byte(QUOTE)
}

function leftOut(why: Span, total: u64): void {
  writer.literal(AS_JSON)
  writer.literal(LEFT_OUT)
  writer.literal(why)
  writer.literal(LENGTH)
  writer.unsigned(total)
  writer.byte(CLOSE_BRACE)
}
