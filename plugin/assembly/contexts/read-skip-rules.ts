import { ProblemKind, Problems } from '../conditions/problem'
import { SkipRules } from '../conditions/skip-rules'
import { endConfigurationError, beginConfigurationError } from '../config/configure'
import { Options } from '../config/options'
import { report } from '../config/report'
import { Span, utf8 } from '../memory/span'

const OPTION = utf8('option "skip" has ')
const SHAPE = utf8('no conditions at: ')
const PATH = utf8('a path that no condition has: ')
const PATTERN = utf8('a value that is not a regular expression: ')
const CHARACTER = utf8(', at its character ')
const BODY = utf8('a condition on the request body')
const EVERYTHING = utf8('a group without conditions')
const COLON = utf8(': ')
const PERIOD = utf8('.')
const EXPECTED = utf8(', expected ')
const A_LIST = utf8('a list as [{"conditions": [{"path": "request.route", "value": "^/health"}]}].')
const A_PATH = utf8(
  'request.verb, request.route, request.ip_address, request.headers.NAME or response.status.',
)

/** What the option `skip` says, null when it is not given. `options.skipAt` is 0 afterwards unless that is because it is wrong. */
export function readSkipRules(options: Options): SkipRules | null {
  const list = options.skipAt
  if (!list) return null
  const rules = new SkipRules()
  const problems = new Problems()
  rules.read(list, problems)
  const wrong = problems.count != 0 || rules.looksAtBody || rules.skipsEverything
  if (wrong) refuse(list, rules, problems)
  problems.free()
  if (wrong) {
    rules.free()
    return null
  }
  options.skipAt = 0
  return rules
}

function refuse(at: usize, rules: SkipRules, problems: Problems): void {
  beginConfigurationError(at)
  report.span(OPTION)
  if (problems.count) about(problems)
  else report.span(rules.looksAtBody ? BODY : EVERYTHING)
  const reason = problems.pattern.reason
  const isPattern = problems.count && problems.kind == ProblemKind.Pattern
  if (isPattern) {
    report.span(CHARACTER)
    report.number(<u64>problems.pattern.position + 1)
  }
  report.remedy(isPattern ? COLON : EXPECTED)
  const isPath = problems.count ? problems.kind == ProblemKind.Path : rules.looksAtBody
  report.span(isPattern ? reason : isPath ? A_PATH : A_LIST)
  if (isPattern) report.span(PERIOD)
  endConfigurationError()
}

function about(problems: Problems): void {
  const kind = problems.kind
  report.span(kind == ProblemKind.Path ? PATH : kind == ProblemKind.Pattern ? PATTERN : SHAPE)
  const text: Span = problems.about.text
  report.excerpt(text.start, text.length)
}
