import { freeText } from '../memory/owned-text'
import { Span, copyOf } from '../memory/span'

/** Where a value stands. */
export const enum SourceKind {
  Header,
  ResponseHeader,
  Cookie,
  Query,
  /** A claim of a JSON Web Token in a request header. */
  Jwt,
  JwtCookie,
  /** The user name of HTTP's basic authentication in a request header. */
  Basic,
  /** An attribute of Envoy: `name` is its path. */
  Property,
  Literal,
  /** The address of the connected peer. */
  Peer,
}

/** One place to look for a value: `jwt:authorization:sub`, `sha256(header:x-api-key)`. */
@unmanaged
export class Source {
  /** Only the SHA-256 of the value is used. */
  hashed: bool = false
  /** Which element of a comma-separated header, counted from the right; 0: the header is not split. */
  fromRight: u32 = 0
  /** Of the header (in lower case), cookie or parameter; the path of a property; the literal. */
  name: Span
  /** Of a claim: its segments, each followed by a NUL. */
  path: Span

  constructor(public kind: SourceKind) {
    this.name = new Span()
    this.path = new Span()
  }

  free(): void {
    freeText(this.name)
    freeText(this.path)
    heap.free(changetype<usize>(this))
  }
}

/** Makes it own a copy of the bytes. */
export function setCopy(text: Span, start: usize, length: u32): void {
  text.set(copyOf(start, length), length)
}
