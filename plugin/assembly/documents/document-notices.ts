import { LogLevel } from '../abi/constants'
import { ProblemKind, Problems } from '../conditions/problem'
import { RuleProblems } from '../decision/rule-problem'
import { Span, utf8 } from '../memory/span'
import { LogLine } from '../text/log-line'
import { Document, Fetched } from './document'

/** At most one line of each kind per minute. */
const PAUSE_MS: u64 = 60_000

const line = new LogLine(480)

/** The log lines about one root context's documents: why one could not be fetched, and what in it is ignored. */
@unmanaged
export class DocumentNotices {
  private failureLoggedAt: u64

  /** The old document stays. */
  notFetched(result: Fetched, document: Document, now: u64): void {
    if (now - this.failureLoggedAt < PAUSE_MS) return
    this.failureLoggedAt = now
    line.begin(MOESIF)
    line.span(document.path)
    switch (result) {
      case Fetched.TooLarge:
        line.span(TOO_LARGE)
        break
      case Fetched.Malformed:
        line.span(MALFORMED)
        break
      case Fetched.WrongKind:
        line.span(WRONG_KIND)
        break
      case Fetched.Memory:
        line.span(NO_MEMORY)
        break
      default:
        if (document.status) {
          line.span(ANSWERED)
          line.number(document.status)
        } else line.span(NO_ANSWER)
        line.span(document.status == 401 || document.status == 403 ? CHECK_ID : CHECK_CLUSTER)
    }
    line.span(OLD_STAYS)
    line.write(LogLevel.Warn)
  }

  config(problems: Problems, failed: bool): void {
    if (failed) return noMemory(CONFIG)
    if (!problems.count) return
    line.begin(CONFIG)
    condition(problems)
    more(problems.count)
  }

  rules(problems: RuleProblems, failed: bool): void {
    if (failed) return noMemory(RULES)
    if (problems.rules) {
      line.begin(RULES)
      line.span(RULE)
      line.excerpt(problems.rule.text.start, problems.rule.text.length)
      line.span(LEFT_OUT)
      line.span(problems.reason)
      more(problems.rules)
    }
    if (problems.conditions.count) {
      line.begin(RULES)
      line.span(RULE)
      line.excerpt(problems.conditionsOf.text.start, problems.conditionsOf.text.length)
      line.span(HAS)
      condition(problems.conditions)
      more(problems.conditions.count)
    }
    if (problems.headers) {
      line.begin(RULES)
      line.span(RULE)
      line.excerpt(problems.headerOf.text.start, problems.headerOf.text.length)
      line.span(CANNOT_SET)
      line.excerpt(problems.header.text.start, problems.header.text.length)
      line.span(QUOTE)
      more(problems.headers)
    }
  }

  free(): void {
    heap.free(changetype<usize>(this))
  }
}

function condition(problems: Problems): void {
  line.span(NEVER_MET)
  const about = problems.about.text
  if (problems.kind == ProblemKind.Shape) line.span(SHAPE)
  else if (problems.kind == ProblemKind.Path) line.span(UNKNOWN_PATH)
  else line.span(PATTERN)
  line.excerpt(about.start, about.length)
  line.span(QUOTE)
  if (problems.kind != ProblemKind.Pattern) return
  line.span(BECAUSE)
  line.span(problems.pattern.reason)
  line.span(AT_BYTE)
  line.number(problems.pattern.position)
}

/** Ends and writes a line about the first of `count` problems. */
function more(count: u32): void {
  if (count > 1) {
    line.span(AND)
    line.number(count - 1)
    line.span(OTHERS)
  }
  line.span(PERIOD)
  line.write(LogLevel.Warn)
}

function noMemory(document: Span): void {
  line.begin(document)
  line.span(NO_ROOM)
  line.write(LogLevel.Warn)
}

const MOESIF = utf8('moesif: ')
const CONFIG = utf8('moesif: /v1/config: ')
const RULES = utf8('moesif: /v1/rules: ')
const TOO_LARGE = utf8(' is larger than documents_max_bytes')
const MALFORMED = utf8(' is not JSON, or nested deeper than 256')
const WRONG_KIND = utf8(' is not what belongs there: an object in /v1/config, a list in /v1/rules')
const NO_MEMORY = utf8(' does not fit into the memory that the host gives')
const ANSWERED = utf8(' is answered ')
const NO_ANSWER = utf8(' is not answered')
const CHECK_ID = utf8(': check moesif_application_id')
const CHECK_CLUSTER = utf8(': check base_uri and the cluster named by upstream')
const OLD_STAYS = utf8('. The last one that came stays in use; without any, every request passes.')
const RULE = utf8('rule "')
const LEFT_OUT = utf8('" is left out: ')
const HAS = utf8('" has ')
const CANNOT_SET = utf8('" cannot set the header "')
const NEVER_MET = utf8('a condition that is never met, with ')
const SHAPE = utf8('no "path" and "value" in "')
const UNKNOWN_PATH = utf8('the unknown path "')
const PATTERN = utf8('the pattern "')
const QUOTE = utf8('"')
const BECAUSE = utf8(': ')
const AT_BYTE = utf8(', at byte ')
const AND = utf8(' (and ')
const OTHERS = utf8(' more)')
const PERIOD = utf8('.')
const NO_ROOM = utf8('there is no memory for it. The last one that came stays in use.')
