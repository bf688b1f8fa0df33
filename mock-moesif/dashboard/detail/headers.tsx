import { useSignal } from '@preact/signals'
import type { Finding } from '#mock-moesif/client/index.ts'
import { fieldOf } from '../body/json-tree.tsx'
import { Pairs } from '../controls/pairs.tsx'
import { ValueText } from '../value/value-text.tsx'
import { escapePointer, Remarks } from './remarks.tsx'

export function Headers(props: {
  headers: [name: string, value: string][]
  side: 'request' | 'response'
  findings: Finding[]
}) {
  const { headers, side, findings } = props
  const wanted = useSignal('')
  const needle = wanted.value.toLowerCase()
  const shown = headers.filter(([name, value]) =>
    `${name}: ${value}`.toLowerCase().includes(needle),
  )
  return (
    <section class="headers">
      <header>
        <h4>Headers</h4>
        <span class="faint">
          {needle ? `${shown.length} of ${headers.length}` : headers.length}
        </span>
        {headers.length > 3 && (
          <input
            type="search"
            class="small"
            placeholder="Find"
            aria-label={`Find in ${side} headers`}
            value={wanted.value}
            onInput={(event) => (wanted.value = event.currentTarget.value)}
          />
        )}
      </header>
      <Remarks findings={findings} pointer={`/${side}/headers`} />
      <Pairs
        entries={shown.map(([name, value]) => [
          name,
          <>
            <ValueText value={value} text={value} field={fieldOf(`${side}.header`, name)} />
            <Remarks findings={findings} pointer={`/${side}/headers/${escapePointer(name)}`} deep />
          </>,
        ])}
      />
      {headers.length === 0 && <p class="faint">None.</p>}
    </section>
  )
}
