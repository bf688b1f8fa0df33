import { useSignal } from '@preact/signals'
import { bodyOf, cohortOf, type EditedRule, filled, headersOf } from './rule-model.ts'

/** The answer as one of the cohort gets it, its templates filled in. */
export function RulePreview({ rule }: { rule: EditedRule }) {
  const chosen = useSignal('')
  const cohort = cohortOf(rule)
  const who = cohort.has(chosen.value) ? chosen.value : ([...cohort.keys()][0] ?? '')
  const values = cohort.get(who) ?? {}
  const headers = headersOf(rule).map(
    ([name, value]) => `${name}: ${String(filled(value, values))}`,
  )
  const body = rule.block && rule.body !== '' ? filled(bodyOf(rule.body), values) : undefined
  return (
    <section class="rule-preview" aria-label="Preview">
      <h3>
        What{' '}
        {cohort.size > 0 ? (
          <select
            aria-label="Preview for"
            value={who}
            onChange={({ currentTarget }) => (chosen.value = currentTarget.value)}
          >
            {[...cohort.keys()].slice(0, 100).map((id) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        ) : (
          'a caller'
        )}{' '}
        gets
      </h3>
      <pre class="block">
        {[
          rule.block ? `HTTP/1.1 ${rule.status || 429}` : 'The upstream’s answer, with',
          ...headers,
          ...(body === undefined
            ? []
            : [
                '',
                typeof body === 'string' ? JSON.stringify(body) : JSON.stringify(body, null, 2),
              ]),
        ].join('\n')}
      </pre>
    </section>
  )
}
