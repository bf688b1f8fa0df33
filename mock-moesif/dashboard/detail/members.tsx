import type { Finding } from '#mock-moesif/test-api/types.ts'
import { isMembers } from './event-shape.ts'
import { JsonTree } from './json-tree.tsx'
import { escapePointer, Remarks } from './remarks.tsx'

/** Named values, each with its remarks; what is not there but remarked upon is listed too. */
export function Members(props: {
  members: [name: string, value: unknown][]
  pointer: string
  findings: Finding[]
}) {
  const { members, pointer, findings } = props
  if (members.length === 0) return null
  return (
    <dl class="pairs mono">
      {members.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {isMembers(value) || Array.isArray(value) ? (
              <JsonTree value={value} depth={1} />
            ) : (
              String(value)
            )}
            <Remarks findings={findings} pointer={`${pointer}/${escapePointer(name)}`} deep />
          </dd>
        </div>
      ))}
    </dl>
  )
}
