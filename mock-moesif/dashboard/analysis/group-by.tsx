import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { fields } from '#mock-moesif/query/index.ts'
import { currentGroup, go } from '../live/address.ts'
import { fieldProblem } from '../live/query-problems.ts'

/** The most common fields, before all others. */
const usual = ['user', 'company', 'route', 'path', 'verb', 'status', 'app', 'verdict', 'host']
const others = fields
  .filter(({ kind, prefix, name }) => !prefix && kind === 'text' && !usual.includes(name))
  .map(({ name }) => name)
const examples = ['request.header.user-agent', 'metadata.plan', 'event.request.body.']

/** The field by which events are grouped: any of the query language. */
export function GroupBy() {
  const id = useId()
  const group = currentGroup.value
  const problem = useSignal('')
  const take = (text: string) => {
    const name = text.trim().replace(/:$/, '')
    problem.value = name && fieldProblem(name)
    if (!problem.value) go({ group: name || null, event: null, compare: null })
  }
  return (
    <span class="group-by">
      <label>
        <span class="label">Group by</span>
        <input
          class="small mono"
          list={id}
          placeholder="field"
          aria-label="Group by"
          aria-invalid={problem.value !== ''}
          value={group ?? ''}
          onChange={({ currentTarget }) => take(currentTarget.value)}
        />
      </label>
      <datalist id={id}>
        {[...usual, ...others, ...examples].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {group !== null && (
        <button type="button" class="quiet icon" aria-label="Do not group" onClick={() => take('')}>
          ×
        </button>
      )}
      {problem.value && (
        <span class="field-problem" role="alert">
          {problem.value}
        </span>
      )}
    </span>
  )
}
