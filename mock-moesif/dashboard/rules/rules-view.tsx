import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { ConfirmButton } from '../controls/confirm.tsx'
import { Link } from '../controls/link.tsx'
import { Table } from '../controls/table.tsx'
import { ApplicationSelect } from '../documents/application-select.tsx'
import { anyApplication, busiestApplication } from '../documents/applications.ts'
import { address, go } from '../live/address.ts'
import { gateway } from '../live/gateway.ts'
import { term } from '../query/terms.ts'
import { reconnects } from '../wire/reconnects.ts'
import { visible } from '../text/captured-text.tsx'
import { describeRule, type EditedRule, newRule } from './rule-model.ts'
import { RuleForm } from './rule-form.tsx'
import { JudgedDocuments } from '../documents/judged-documents.tsx'
import { ApplicationRules } from './rules-store.ts'
import { TryIt } from './try-it.tsx'

/** Governance rules: made, switched and looked at without writing JSON. */
export function RulesView() {
  const known = address.value.app ?? busiestApplication.value
  const application = known ?? anyApplication
  const held = useMemo(() => new ApplicationRules(application), [application])
  const edited = useSignal<{ rule: EditedRule; before: string | null } | null>(null)
  useEffect(() => void (known && held.read()), [held, known, reconnects.value])
  const rules = held.rules.value
  const wanted = address.value.rule
  useEffect(
    () => document.querySelector('tr.wanted')?.scrollIntoView({ block: 'nearest' }),
    [wanted, rules],
  )
  const governs = gateway.value ? gateway.value.options['enable_governance'] === true : true
  return (
    <main class="page rules" aria-label="Rules">
      {!governs && (
        <div class="callout warning" role="status">
          The plugin of the gateway does not apply rules: set <code>enable_governance</code>.
        </div>
      )}
      <section class="card row-card">
        <ApplicationSelect
          value={application}
          onChange={(name) => {
            edited.value = null
            go({ app: name, rule: null, try: null }, { replace: true })
          }}
        />
        <button
          type="button"
          class="primary"
          onClick={() => (edited.value = { rule: newRule(), before: null })}
        >
          New rule
        </button>
        <Link class="button" to={{ view: 'documents' }}>
          As JSON…
        </Link>
      </section>
      <JudgedDocuments judged={held.judged.value} />
      {edited.value && (
        <RuleForm
          key={edited.value.before ?? 'new'}
          rule={edited.value.rule}
          onCancel={() => (edited.value = null)}
          onSave={(rule) => {
            void held.save(rule, edited.peek()?.before ?? null).then((saved) => {
              if (saved) edited.value = null
              return undefined
            })
          }}
        />
      )}
      {rules?.length === 0 && !edited.value && (
        <p class="faint">No rules: every call passes. A rule refuses calls, or marks them.</p>
      )}
      {rules && rules.length > 0 && (
        <Table
          label="Rules"
          card
          heads={['On', 'Rule', 'Who', 'When', 'Then', ['Change', 'unseen']]}
        >
          {rules.map(({ rule, on, pending }) => {
            const { who, when, effect } = describeRule(rule)
            const title = rule.name || rule.id
            return (
              <tr key={rule.id} class={rule.id === wanted ? 'wanted' : ''}>
                <td>
                  <input
                    type="checkbox"
                    role="switch"
                    aria-label={`${title} is on`}
                    aria-busy={pending}
                    checked={on}
                    onChange={({ currentTarget }) =>
                      void held.switchOn(rule, currentTarget.checked)
                    }
                  />
                </td>
                <th scope="row">
                  {visible(title)} <span class="faint mono">{visible(rule.id)}</span>
                </th>
                <td>{who}</td>
                <td class="mono ellipsis" title={when}>
                  {visible(when)}
                </td>
                <td>{visible(effect)}</td>
                <td class="numeric">
                  <Link to={{ view: 'events', query: term('blocked_by', rule.id), event: null }}>
                    Its events
                  </Link>{' '}
                  <button type="button" onClick={() => (edited.value = { rule, before: rule.id })}>
                    Edit
                  </button>{' '}
                  <ConfirmButton
                    label="Delete…"
                    title={`Delete ${title}?`}
                    verb="Delete"
                    onConfirm={() => void held.remove(rule)}
                  >
                    <p>To keep it without effect, switch it off instead: this browser keeps it.</p>
                  </ConfirmButton>
                </td>
              </tr>
            )
          })}
        </Table>
      )}
      {rules?.some(({ on }) => !on) && (
        <p class="faint">
          A rule that is off is kept in this browser only: the mock and its gateways do not have it.
        </p>
      )}
      <TryIt application={application} />
    </main>
  )
}
