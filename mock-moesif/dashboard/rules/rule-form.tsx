import { useSignal } from '@preact/signals'
import { Tabs } from '../controls/tabs.tsx'
import { RulePreview } from './rule-preview.tsx'
import { type EditedRule, problemOf } from './rule-model.ts'

const paths = [
  'request.verb',
  'request.route',
  'request.ip_address',
  'request.headers.user-agent',
  'request.body.operationName',
]

/** A rule, made without writing JSON: for whom, when, and what then. */
export function RuleForm(props: {
  rule: EditedRule
  onSave: (rule: EditedRule) => void
  onCancel: () => void
}) {
  const edited = useSignal(props.rule)
  const rule = edited.value
  const change = (part: Partial<EditedRule>) => (edited.value = { ...edited.peek(), ...part })
  const problem = problemOf(rule)
  const who = rule.type === 'company' ? 'companies' : 'users'
  return (
    <form
      class="card rule-form"
      aria-label="Rule"
      onSubmit={(event) => {
        event.preventDefault()
        if (problem === '') props.onSave(rule)
      }}
    >
      <div class="form">
        <label class="wide-field">
          Name
          <input
            value={rule.name}
            placeholder="Free plan: 1000 calls a day"
            onInput={({ currentTarget }) => change({ name: currentTarget.value })}
          />
        </label>
        <label>
          Id
          <input
            class="mono"
            value={rule.id}
            onInput={({ currentTarget }) => change({ id: currentTarget.value })}
          />
        </label>
      </div>
      <fieldset>
        <legend>For whom</legend>
        <Tabs
          label="For whom"
          options={[
            ['user', 'Users'],
            ['company', 'Companies'],
            ['regex', 'Every call'],
          ]}
          chosen={rule.type}
          onChoose={(type) => change({ type })}
        />
        {rule.type !== 'regex' && (
          <>
            <label>
              {rule.type === 'company' ? 'Company ids' : 'User ids'}, a line each, with values for
              the answer
              <textarea
                class="mono"
                rows={3}
                spellcheck={false}
                placeholder="u1 plan=Free limit=1000"
                value={rule.cohort}
                onInput={({ currentTarget }) => change({ cohort: currentTarget.value })}
              />
            </label>
            <label class="check">
              <input
                type="checkbox"
                checked={rule.applied === 'not_matching'}
                onChange={({ currentTarget }) =>
                  change({ applied: currentTarget.checked ? 'not_matching' : 'matching' })
                }
              />
              All {who} but these
            </label>
            <label class="check">
              <input
                type="checkbox"
                checked={rule.unidentified}
                onChange={({ currentTarget }) => change({ unidentified: currentTarget.checked })}
              />
              Also calls without a {rule.type}
            </label>
          </>
        )}
      </fieldset>
      <Conditions rule={rule} change={change} />
      <fieldset>
        <legend>Then</legend>
        <Tabs
          label="Then"
          options={[
            ['block', 'Refuse the call'],
            ['mark', 'Add headers to the answer'],
          ]}
          chosen={rule.block ? 'block' : 'mark'}
          onChoose={(then) => change({ block: then === 'block' })}
        />
        <div class="rule-answer">
          <div>
            {rule.block && (
              <label>
                Status
                <input
                  type="number"
                  min="200"
                  max="599"
                  value={rule.status}
                  onInput={({ currentTarget }) => change({ status: currentTarget.value })}
                />
              </label>
            )}
            <label>
              Headers
              <textarea
                class="mono"
                rows={2}
                spellcheck={false}
                placeholder="x-quota: {{limit|1000}}"
                value={rule.headers}
                onInput={({ currentTarget }) => change({ headers: currentTarget.value })}
              />
            </label>
            {rule.block && (
              <label>
                Body, JSON or text
                <textarea
                  class="mono"
                  rows={4}
                  spellcheck={false}
                  value={rule.body}
                  onInput={({ currentTarget }) => change({ body: currentTarget.value })}
                />
              </label>
            )}
          </div>
          <RulePreview rule={rule} />
        </div>
      </fieldset>
      <footer>
        <button type="submit" class="primary" disabled={problem !== ''}>
          Save rule
        </button>
        <button type="button" onClick={props.onCancel}>
          Cancel
        </button>
        <span class="off" role="status">
          {problem}
        </span>
      </footer>
    </form>
  )
}

function Conditions(props: { rule: EditedRule; change: (part: Partial<EditedRule>) => void }) {
  const { rule, change } = props
  const { groups } = rule
  const set = (group: number, index: number, part: { path?: string; value?: string }) =>
    change({
      groups: groups.map((conditions, at) =>
        at === group
          ? conditions.map((one, place) => (place === index ? { ...one, ...part } : one))
          : conditions,
      ),
    })
  const remove = (group: number, index: number) =>
    change({
      groups: groups
        .map((conditions, at) =>
          at === group ? conditions.filter((_, place) => place !== index) : conditions,
        )
        .filter((conditions) => conditions.length > 0),
    })
  const fresh = { path: 'request.route', value: '' }
  return (
    <fieldset>
      <legend>When</legend>
      {groups.length === 0 && <p class="faint">Always.</p>}
      {groups.map((conditions, group) => (
        <div key={group} class="condition-group">
          {group > 0 && <span class="faint">or</span>}
          {conditions.map(({ path, value }, index) => (
            <div key={index} class="condition">
              <input
                class="mono"
                list="condition-paths"
                aria-label="Field"
                value={path}
                onInput={({ currentTarget }) => set(group, index, { path: currentTarget.value })}
              />
              <span class="faint">matches</span>
              <input
                class="mono"
                aria-label="Regular expression"
                placeholder="^/orders"
                value={value}
                onInput={({ currentTarget }) => set(group, index, { value: currentTarget.value })}
              />
              <button
                type="button"
                class="quiet icon"
                aria-label="Remove this condition"
                onClick={() => remove(group, index)}
              >
                ×
              </button>
            </div>
          ))}
          <button
            type="button"
            onClick={() =>
              change({
                groups: groups.map((one, at) => (at === group ? [...one, fresh] : one)),
              })
            }
          >
            and…
          </button>
        </div>
      ))}
      <button type="button" onClick={() => change({ groups: [...groups, [fresh]] })}>
        {groups.length === 0 ? 'Only when…' : 'or…'}
      </button>
      <datalist id="condition-paths">
        {paths.map((path) => (
          <option key={path} value={path} />
        ))}
      </datalist>
    </fieldset>
  )
}
