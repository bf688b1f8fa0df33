import type { Finding } from '#mock-moesif/client/index.ts'

/** What the judgement says of the field at `pointer`, or of anything inside it with `deep`. */
export function Remarks({
  findings,
  pointer,
  deep = false,
}: {
  findings: Finding[]
  pointer: string
  deep?: boolean
}) {
  const own = findings.filter(
    (finding) => finding.pointer === pointer || (deep && finding.pointer.startsWith(`${pointer}/`)),
  )
  return (
    <>
      {own.map((finding) => (
        <p
          key={finding.pointer + finding.message}
          class={`remark ${finding.severity}`}
          data-pointer={finding.pointer}
        >
          {finding.message}
        </p>
      ))}
    </>
  )
}

/** All remarks at the head of the event; each goes to its field. */
export function RemarkList({ findings }: { findings: Finding[] }) {
  if (findings.length === 0) return null
  return (
    <ul class="remark-list" aria-label="Remarks on this event">
      {findings.map((finding) => (
        <li key={finding.pointer + finding.message} class={finding.severity}>
          <button
            type="button"
            class="link mono"
            onClick={(event) => showField(event.currentTarget, finding.pointer)}
          >
            {finding.pointer || '(event)'}
          </button>{' '}
          {finding.message}
        </li>
      ))}
    </ul>
  )
}

function showField(from: HTMLElement, pointer: string): void {
  const places = from.closest('.detail')?.querySelectorAll<HTMLElement>('[data-pointer]') ?? []
  const place = [...places].find((candidate) => candidate.dataset['pointer'] === pointer)
  place?.scrollIntoView({ block: 'center' })
}

export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
