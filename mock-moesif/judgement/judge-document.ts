import { Ajv2020 } from 'ajv/dist/2020.js'
import { ConfigDocument, RulesDocument, type DocumentKind, type Rule } from '../model/documents.ts'
import type { Finding } from '../model/event.ts'
import type { JudgeExpressions } from '../model/judge-expressions.ts'
import { ruleWarnings, samplingWarnings } from './document-warnings.ts'
import { expressionWarnings } from './expression-warnings.ts'
import { schemaFinding } from './schema-finding.ts'

const MAX_FINDINGS = 100
const ajv = new Ajv2020({ allErrors: true, strict: false, allowUnionTypes: true })
const fits = { config: ajv.compile(ConfigDocument), rules: ajv.compile(RulesDocument) }

/**
 * Judges a config or rules document but for its regular expressions: an error is what no client could read, a warning is what some
 * of Moesif's own clients, or the plugin, would pass over.
 */
export function judgeDocument(kind: DocumentKind, document: unknown): Finding[] {
  const check = fits[kind]
  if (!check(document)) {
    const findings = (check.errors ?? [])
      // A missing member is reported once, not for each alternative.
      .filter(({ keyword, params }) => keyword !== 'anyOf' && params['type'] !== 'null')
      .map(schemaFinding)
    return findings.slice(0, MAX_FINDINGS)
  }
  const warnings =
    kind === 'config'
      ? samplingWarnings(document as ConfigDocument)
      : ruleWarnings(document as Rule[])
  return [...warnings].slice(0, MAX_FINDINGS)
}

/** Judges a document with its regular expressions, of which the plugin is the judge. */
export async function checkDocument(
  kind: DocumentKind,
  document: unknown,
  judge: JudgeExpressions | undefined,
): Promise<Finding[]> {
  const findings = judgeDocument(kind, document)
  if (findings.some(({ severity }) => severity === 'error')) return findings
  const warnings = await expressionWarnings(kind, document, judge)
  return findings.concat(warnings).slice(0, MAX_FINDINGS)
}
