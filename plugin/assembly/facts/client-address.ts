import { property } from '../abi/property'
import { Span, utf8 } from '../memory/span'
import { Source, SourceKind } from '../sources/source'
import { SourceList } from '../sources/source-list'
import { COMMA } from '../text/bytes'
import { addressIn } from './ip-address'
import { HeaderEntry, HeaderTable } from './header-table'

const SOURCE_ADDRESS = utf8('source\0address')

const peer = new Span()

/**
 * The client's address without port: the first valid one of the sources, empty when there is none. Without sources it is the one
 * that Envoy itself determined, since any client can send any header.
 */
export function clientAddress(sources: SourceList, request: HeaderTable, into: Span): void {
  if (!sources.count && ofPeer(into)) return
  for (let i: u32 = 0; i < sources.count; i++) if (read(sources.at(i), request, into)) return
  into.clear()
}

function read(source: Source, request: HeaderTable, into: Span): bool {
  if (source.kind == SourceKind.Peer) return ofPeer(into)
  const first = request.findSpan(source.name)
  return source.fromRight ? fromRight(first, source.fromRight, into) : firstIn(first, into)
}

/** Whom the connection came from, or, where Envoy is configured to trust proxies, for whom they say they sent it. */
function ofPeer(into: Span): bool {
  property(SOURCE_ADDRESS, peer)
  return addressIn(peer.start, peer.length, into)
}

/** The first valid address of a header, which a client may have sent. */
function firstIn(first: HeaderEntry | null, into: Span): bool {
  let entry = first
  while (entry != null) {
    const end = entry.value + entry.valueLength
    let at = entry.value
    while (at < end) {
      const stop = behindElement(at, end)
      if (addressIn(at, <u32>(stop - at), into)) return true
      at = stop + 1
    }
    entry = entry.again
  }
  return false
}

/** The element of that number from the right, of all headers of the name taken together: each proxy adds one at the end. */
function fromRight(first: HeaderEntry | null, number: u32, into: Span): bool {
  let before = elementsOf(first)
  if (before < number) return false
  before -= number
  let entry = first
  while (entry != null) {
    const end = entry.value + entry.valueLength
    let at = entry.value
    while (true) {
      const stop = behindElement(at, end)
      if (!before--) return addressIn(at, <u32>(stop - at), into)
      if (stop == end) break
      at = stop + 1
    }
    entry = entry.again
  }
  return false
}

function elementsOf(first: HeaderEntry | null): u32 {
  let elements: u32 = 0
  let entry = first
  while (entry != null) {
    elements++
    const end = entry.value + entry.valueLength
    for (let at = entry.value; at < end; at++) if (load<u8>(at) == COMMA) elements++
    entry = entry.again
  }
  return elements
}

function behindElement(start: usize, end: usize): usize {
  let at = start
  while (at < end && load<u8>(at) != COMMA) at++
  return at
}
