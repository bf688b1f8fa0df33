import { Span, utf8 } from '../memory/span'

/** The field of an exchange that a condition tests. */
export const enum Field {
  Unknown,
  Verb,
  Route,
  Address,
  /** Of the request, by its name in lower case. */
  Header,
  /** A key of the request's body. */
  Body,
  Status,
}

const VERB = utf8('request.verb')
const ROUTE = utf8('request.route')
const ADDRESS = utf8('request.ip_address')
const STATUS = utf8('response.status')
const HEADERS = utf8('request.headers.')
const BODY = utf8('request.body.')

/** The field of a path such as `request.headers.x-plan`; of a header or a key, `name` becomes what stands behind. */
export function fieldOf(path: Span, name: Span): Field {
  if (is(path, VERB)) return Field.Verb
  if (is(path, ROUTE)) return Field.Route
  if (is(path, ADDRESS)) return Field.Address
  if (is(path, STATUS)) return Field.Status
  if (startsWith(path, HEADERS)) {
    name.set(path.start + HEADERS.length, path.length - HEADERS.length)
    return name.length ? Field.Header : Field.Unknown
  }
  if (startsWith(path, BODY)) {
    name.set(path.start + BODY.length, path.length - BODY.length)
    return name.length ? Field.Body : Field.Unknown
  }
  return Field.Unknown
}

function is(path: Span, name: Span): bool {
  return path.length == name.length && startsWith(path, name)
}

function startsWith(path: Span, start: Span): bool {
  if (path.length < start.length) return false
  return memory.compare(path.start, start.start, start.length) == 0
}
