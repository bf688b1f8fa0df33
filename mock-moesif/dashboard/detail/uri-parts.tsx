import { addressParts } from '../events/address-parts.ts'

/** The URI taken apart: what stands where is what one looks for. */
export function UriParts({ uri }: { uri: string | null }) {
  if (!uri) return <p class="faint">No URI.</p>
  const { origin, path, query } = addressParts(uri)
  const parameters = [...new URLSearchParams(query.replace(/#.*$/s, ''))]
  return (
    <div class="uri">
      <p class="mono uri-whole">
        <span class="faint">{origin}</span>
        <b>{path}</b>
        <span class="faint">{query}</span>
      </p>
      {parameters.length > 0 && (
        <dl class="pairs mono" aria-label="Query parameters">
          {parameters.map(([name, value], index) => (
            // A name may repeat: its place is its identity.
            <div key={index}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}
