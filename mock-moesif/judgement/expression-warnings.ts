import type { ConfigDocument, DocumentKind, Rule } from '../model/documents.ts'
import type { Finding } from '../model/event.ts'
import type { JudgeExpressions } from '../model/judge-expressions.ts'
import { PluginNotBuilt } from '../model/try-it.ts'

/** Each takes some 0.1 ms of the one thread. */
const MOST_EXPRESSIONS = 1000
const NO_PLUGIN =
  'This mock has no plugin to ask: start it with `npm start`, `npm run mock` or the package.'

interface Expression {
  pointer: string
  text: string
}

/** Conditions whose expression the plugin does not take. `document` has passed its schema. */
export async function expressionWarnings(
  kind: DocumentKind,
  document: unknown,
  judge: JudgeExpressions | undefined,
): Promise<Finding[]> {
  const expressions =
    kind === 'config'
      ? expressionsOf(document as ConfigDocument, '')
      : (document as Rule[]).flatMap((rule, index) => expressionsOf(rule, `/${index}`))
  const texts = [...new Set(expressions.map(({ text }) => text))]
  if (texts.length === 0) return []
  if (!judge) return [notChecked(NO_PLUGIN)]
  const judged = texts.slice(0, MOST_EXPRESSIONS)
  try {
    const problems = await judge(judged)
    const problemOf = new Map(judged.map((text, index) => [text, problems[index]]))
    const findings = expressions.flatMap(({ pointer, text }): Finding[] => {
      const problem = problemOf.get(text)
      if (!problem) return []
      const message = `${problem}: for the plugin the condition is never met`
      return [{ severity: 'warning', pointer, message }]
    })
    if (texts.length <= MOST_EXPRESSIONS) return findings
    return [notChecked(`there are more than ${MOST_EXPRESSIONS}`), ...findings]
  } catch (error) {
    if (error instanceof PluginNotBuilt) return [notChecked(error.message)]
    throw error
  }
}

function expressionsOf({ regex_config }: Pick<Rule, 'regex_config'>, at: string): Expression[] {
  return (regex_config ?? []).flatMap(({ conditions }, group) =>
    conditions.map(({ value }, index) => ({
      pointer: `${at}/regex_config/${group}/conditions/${index}/value`,
      text: value,
    })),
  )
}

const notChecked = (why: string): Finding => ({
  severity: 'warning',
  pointer: '',
  message: `not every regular expression was checked: ${why}`,
})
