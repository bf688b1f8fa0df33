import { Facts } from '../facts/facts'
import { HeaderEntry, headerName } from '../facts/header-table'
import { Span, utf8 } from '../memory/span'
import { QUESTION_MARK } from '../text/bytes'
import { OPTIONS_VERB, verbBit } from './verb'

const METHOD = headerName(utf8(':method'))
const PATH = headerName(utf8(':path'))
const REQUEST_METHOD = headerName(utf8('access-control-request-method'))
const ROOT = utf8('/')

/** What is known of the request's body while a condition is asked. */
export const enum BodyView {
  /** There is no body, or it cannot be read: a condition on it is not met. */
  None,
  /** Not received yet. */
  Awaited,
  /** A JSON document, checked. */
  Json,
  /** The text of a GraphQL query. */
  GraphQl,
}

/** An exchange as conditions see it; valid during the callback in which its facts are open. */
@unmanaged
export class Subject {
  readonly verb: Span = new Span()
  verbBit: u32 = 0
  /** The path without its query. */
  readonly route: Span = new Span()
  bodyView: BodyView = BodyView.None
  readonly body: Span = new Span()
  /** A CORS preflight request: only conditions that name OPTIONS apply. */
  preflight: bool = false
  /** The response's status is what the facts say; before, it is still to come. */
  statusKnown: bool = false

  /** The evaluation of an expression was abandoned: its result is unknown. */
  isInDoubt: bool = false

  constructor(readonly facts: Facts) {}

  /** The facts are those of a request, without its body. */
  open(statusKnown: bool): void {
    const request = this.facts.request
    setValue(request.find(METHOD), this.verb)
    this.verbBit = verbBit(this.verb)
    setValue(request.find(PATH), this.route)
    this.cutQuery()
    this.preflight = this.verbBit == OPTIONS_VERB && request.find(REQUEST_METHOD) != null
    this.bodyView = BodyView.None
    this.statusKnown = statusKnown
  }

  private cutQuery(): void {
    const route = this.route
    let end = route.start
    while (end < route.end && load<u8>(end) != QUESTION_MARK) end++
    route.length = <u32>(end - route.start)
    if (!route.length) route.set(ROOT.start, ROOT.length)
  }
}

function setValue(entry: HeaderEntry | null, into: Span): void {
  if (entry == null) into.set(0, 0)
  else into.set(entry.value, entry.valueLength)
}
