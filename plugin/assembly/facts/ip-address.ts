import { Span } from '../memory/span'
import { isBlank, isDigit } from '../text/ascii'
import { hexValue } from '../text/hex'
import { CLOSE_BRACKET, COLON, DOT, OPEN_BRACKET, QUOTE, SEMICOLON, ZERO } from '../text/bytes'

/**
 * The address in one element of a client-address header: `192.0.2.1`, `192.0.2.1:8080`, `2001:db8::1`,
 * `[2001:db8::1]:443`, `for="[2001:db8::1]";proto=https` (RFC 7239). False for anything else (`unknown`, a name, a
 * hidden `_id`).
 */
export function addressIn(start: usize, length: u32, into: Span): bool {
  let at = start
  let end = start + length
  const named = valueOfFor(at, end)
  if (named) {
    at = named
    let stop = at
    while (stop < end && load<u8>(stop) != SEMICOLON) stop++
    end = stop
  }
  while (at < end && isBlankOrQuote(load<u8>(at))) at++
  while (end > at && isBlankOrQuote(load<u8>(end - 1))) end--
  if (at == end) return false

  if (load<u8>(at) == OPEN_BRACKET) {
    at++
    let close = at
    while (close < end && load<u8>(close) != CLOSE_BRACKET) close++
    if (close == end || !isPort(close + 1, end) || !isIpv6(at, close)) return false
    into.set(at, <u32>(close - at))
    return true
  }
  if (isIpv6(at, end)) {
    into.set(at, <u32>(end - at))
    return true
  }
  let stop = at
  while (stop < end && load<u8>(stop) != COLON) stop++
  if (!isPort(stop, end) || !isIpv4(at, stop)) return false
  into.set(at, <u32>(stop - at))
  return true
}

/** Behind `for=` where a parameter of that name begins, 0 when there is none. */
function valueOfFor(start: usize, end: usize): usize {
  let at = start
  while (at + 4 <= end) {
    while (at < end && isBlank(load<u8>(at))) at++
    if (at + 4 > end) return 0
    if ((load<u32>(at) | 0x00202020) == 0x3d726f66) return at + 4
    while (at < end && load<u8>(at) != SEMICOLON) at++
    at++
  }
  return 0
}

function isBlankOrQuote(byte: u8): bool {
  return isBlank(byte) || byte == QUOTE
}

/** Nothing, or a colon and a number. */
function isPort(start: usize, end: usize): bool {
  if (start == end) return true
  if (load<u8>(start) != COLON || end - start > 6 || end - start < 2) return false
  for (let at = start + 1; at < end; at++) if (!isDigit(load<u8>(at))) return false
  return true
}

function isIpv4(start: usize, end: usize): bool {
  let at = start
  for (let part = 0; part < 4; part++) {
    if (part) {
      if (at >= end || load<u8>(at) != DOT) return false
      at++
    }
    let value: u32 = 0
    let digits = 0
    const first = at
    while (at < end && isDigit(load<u8>(at))) {
      value = value * 10 + load<u8>(at) - ZERO
      digits++
      at++
    }
    if (!digits || digits > 3 || value > 255) return false
    // 010 is 8 to some readers and 10 to others.
    if (digits > 1 && load<u8>(first) == ZERO) return false
  }
  return at == end
}

/** Groups of up to four hexadecimal digits, `::` once, an IPv4 address at the end; no zone. */
function isIpv6(start: usize, end: usize): bool {
  let at = start
  let groups = 0
  let gap = false
  if (load<u8>(at) == COLON) {
    if (at + 1 == end || load<u8>(at, 1) != COLON) return false
    gap = true
    at += 2
  }
  while (at < end) {
    let digits = 0
    const group = at
    while (at < end && hexValue(load<u8>(at)) >= 0) {
      digits++
      at++
    }
    if (at < end && load<u8>(at) == DOT) {
      if (!isIpv4(group, end)) return false
      groups += 2
      break
    }
    if (!digits || digits > 4) return false
    groups++
    if (at == end) break
    if (load<u8>(at) != COLON) return false
    at++
    if (at == end) return false
    if (load<u8>(at) == COLON) {
      if (gap) return false
      gap = true
      at++
    }
  }
  return gap ? groups < 8 : groups == 8
}
