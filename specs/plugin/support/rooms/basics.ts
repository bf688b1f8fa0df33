/** Memory, texts and JSON as a module of their own, for specs. */
import '../../../../plugin/assembly/abi/abort'
import * as arena from '../../../../plugin/assembly/memory/arena'
import { ByteBuffer } from '../../../../plugin/assembly/memory/byte-buffer'
import { Span, clear, copyPadded, equal } from '../../../../plugin/assembly/memory/span'
import { encodeBase64 } from '../../../../plugin/assembly/codec/base64'
import { findValue } from '../../../../plugin/assembly/json/find'
import { JsonCheck } from '../../../../plugin/assembly/json/json-check'
import { behindValue, decodeString, numberAt } from '../../../../plugin/assembly/json/read'
import { jsonBrokenAt } from '../../../../plugin/assembly/json/validate'
import { memberOf } from '../../../../plugin/assembly/json/walk'
import * as ascii from '../../../../plugin/assembly/text/ascii'
import { markLength } from '../../../../plugin/assembly/text/byte-order-mark'
import { writeDecimal, writeDigits } from '../../../../plugin/assembly/text/decimal'
import { Excerpt } from '../../../../plugin/assembly/text/excerpt'
import { toHeaderName } from '../../../../plugin/assembly/text/header-name'
import * as hex from '../../../../plugin/assembly/text/hex'
import { escapeTo } from '../../../../plugin/assembly/text/json-escape'
import { NameList } from '../../../../plugin/assembly/text/name-list'
import {
  brokenUtf8At,
  isUtf8,
  sequenceLength,
  writeUtf8,
} from '../../../../plugin/assembly/text/utf8'

export { heldMemory, takeBackResults } from './held-memory'
export { hashOf } from '../../../../plugin/assembly/memory/hash'
export {
  allocate,
  release,
  shrink,
  footprint,
  blockSize,
} from '../../../../plugin/assembly/memory/store'
export { clear, copyPadded, equal }
export { encodeBase64, escapeTo, isUtf8, brokenUtf8At, markLength, sequenceLength, toHeaderName }
export { writeDecimal, writeDigits, writeUtf8 }
export { behindValue, decodeString, jsonBrokenAt, numberAt }

const one = new Span()
const other = new Span()

export function arenaAllocate(size: usize): usize {
  return arena.allocate(size)
}

export function arenaPlaceNext(at: usize, room: usize): void {
  arena.placeNext(at, room)
}

export function arenaPlaceAnywhere(): void {
  arena.placeAnywhere()
}

export function arenaReset(): void {
  arena.reset()
}

export function newBuffer(most: u32): ByteBuffer {
  return new ByteBuffer(most)
}

export function bufferByte(buffer: ByteBuffer, value: u8): void {
  buffer.byte(value)
}

export function bufferWord16(buffer: ByteBuffer, value: u32): void {
  buffer.word16(value)
}

export function bufferWord32(buffer: ByteBuffer, value: u32): void {
  buffer.word32(value)
}

export function bufferBytes(buffer: ByteBuffer, from: usize, length: u32): void {
  buffer.bytes(from, length)
}

export function bufferRoom(buffer: ByteBuffer, length: u32): usize {
  return buffer.room(length)
}

export function bufferStart(buffer: ByteBuffer): usize {
  return buffer.start
}

export function bufferLength(buffer: ByteBuffer): u32 {
  return buffer.length
}

export function bufferFailed(buffer: ByteBuffer): bool {
  return buffer.failed
}

export function bufferTake(buffer: ByteBuffer): usize {
  return buffer.take()
}

export function bufferFree(buffer: ByteBuffer): void {
  buffer.free()
}

/** What `which` says of a byte: digit, letter, blank; its lower case; as a hexadecimal digit, and as the value of one. */
export function ofByte(which: u32, byte: u8): i32 {
  switch (which) {
    case 0:
      return ascii.isDigit(byte) ? 1 : 0
    case 1:
      return ascii.isLetter(byte) ? 1 : 0
    case 2:
      return ascii.isBlank(byte) ? 1 : 0
    case 3:
      return ascii.lowerCase(byte)
    case 4:
      return hex.hexValue(byte)
    case 5:
      return hex.hexDigit(byte)
    default:
      return hex.upperHexDigit(byte)
  }
}

export function writeHex(to: usize, value: u32, count: u32): void {
  hex.writeHex(to, value, count)
}

export function isInAnyCase(at: usize, length: u32, lower: usize, lowerLength: u32): bool {
  one.set(lower, lowerLength)
  return ascii.isInAnyCase(at, length, one)
}

export function hasToken(at: usize, length: u32, lower: usize, lowerLength: u32): bool {
  one.set(lower, lowerLength)
  return ascii.hasToken(at, length, one)
}

export function trim(start: usize, end: usize): Span {
  ascii.trim(start, end, one)
  return one
}

/** An excerpt's text; the excerpt is freed. */
export function excerpt(start: usize, length: u32, to: usize): u32 {
  const kept = new Excerpt()
  kept.set(start, length)
  const size = kept.text.length
  memory.copy(to, kept.text.start, size)
  kept.free()
  return size
}

/** Fills a list twice with `count` copies of a name, cleared in between, and frees it; the sum of the lengths that it had. */
export function listNames(start: usize, length: u32, count: u32): u32 {
  const list = new NameList()
  let sum: u32 = 0
  for (let round = 0; round < 2; round++) {
    list.clear()
    for (let i: u32 = 0; i < count; i++) {
      const name = heap.alloc(length)
      memory.copy(name, start, length)
      list.push(name, length)
    }
    for (let i: u32 = 0; i < list.count; i++) {
      if (equal(list.at(i).start, list.at(i).length, start, length)) sum += list.at(i).length
    }
  }
  list.free()
  return sum
}

export function find(document: usize, path: usize, pathLength: u32): usize {
  arena.reset()
  one.set(path, pathLength)
  return findValue(document, one)
}

export function member(object: usize, name: usize, nameLength: u32): usize {
  arena.reset()
  other.set(name, nameLength)
  return memberOf(object, other)
}

/** 1 valid, 2 broken; how many steps of so many bytes it took is left in `steps`. */
export function checkInPieces(start: usize, length: u32, bytes: u32): u32 {
  one.set(start, length)
  const check = new JsonCheck(one)
  steps = 1
  let state = check.goOn(bytes)
  while (state == 0) {
    steps++
    state = check.goOn(bytes)
  }
  check.free()
  return state
}

let steps: u32 = 0

export function stepsTaken(): u32 {
  return steps
}
