import { address, go } from '../live/address.ts'
import { topTerms, withTerm, without } from './terms.ts'

const change = (next: string, nextOff: string[]) =>
  go({ query: next, off: nextOff, event: null, compare: null })

/** The query's terms as switches: off leaves the query, but stays at hand (and in the link). */
export function Chips() {
  const { query, off } = address.value
  const on = topTerms(query)
  if (off.length === 0 && on.length < 2) return null

  return (
    <ul class="chips" aria-label="Terms of the query">
      {on.map((part) => (
        <li key={`on ${part.start}`}>
          <button
            type="button"
            class="chip mono"
            aria-pressed="true"
            title="Switch this term off"
            onClick={() =>
              change(without(query, part), [
                ...off.filter((other) => other !== part.text),
                part.text,
              ])
            }
          >
            {part.text}
          </button>
        </li>
      ))}
      {off.map((text) => {
        const rest = off.filter((other) => other !== text)
        return (
          <li key={`off ${text}`}>
            <button
              type="button"
              class="chip mono off"
              aria-pressed="false"
              title="Switch this term on"
              onClick={() => change(withTerm(query, text), rest)}
            >
              {text}
            </button>
            <button
              type="button"
              class="chip-end"
              aria-label={`Forget ${text}`}
              onClick={() => change(query, rest)}
            >
              ×
            </button>
          </li>
        )
      })}
    </ul>
  )
}
