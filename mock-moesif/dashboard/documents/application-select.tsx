import { useEffect, useId } from 'preact/hooks'
import { reconnects } from '../wire/reconnects.ts'
import { anyApplication, applications, readApplications } from './applications.ts'

/** One of the applications that were seen, or all that have nothing of their own. */
export function ApplicationSelect(props: { value: string; onChange: (name: string) => void }) {
  const id = useId()
  useEffect(() => void readApplications(), [reconnects.value])
  const known = applications.value
  return (
    <div class="field">
      <label for={id}>Application</label>
      <select
        id={id}
        class="mono"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        <option value={anyApplication}>every other application</option>
        {[...new Set([...known, ...(props.value === anyApplication ? [] : [props.value])])].map(
          (name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ),
        )}
      </select>
    </div>
  )
}
