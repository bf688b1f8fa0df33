import { Pairs } from '../controls/pairs.tsx'
import { visible } from '../text/captured-text.tsx'
import { LongText } from '../text/long-text.tsx'
import { ValueText } from '../value/value-text.tsx'
import { addressParts } from '../captured/address-parts.ts'

/** The parts of the URI. */
export function UriParts({ uri }: { uri: string | null }) {
  if (!uri) return <p class="faint">No URI.</p>
  const { origin, path, query } = addressParts(uri)
  const parameters = [...new URLSearchParams(query.replace(/#.*$/s, ''))]
  return (
    <div class="uri">
      <p class="mono uri-whole">
        <LongText text={uri}>
          <bdi class="faint">{visible(origin)}</bdi>
          <b>
            <bdi>{visible(path)}</bdi>
          </b>
          <bdi class="faint">{visible(query)}</bdi>
        </LongText>
      </p>
      {parameters.length > 0 && (
        <Pairs
          label="Query parameters"
          entries={parameters.map(([name, value]) => [
            name,
            <ValueText value={value} text={value} field={null} />,
          ])}
        />
      )}
    </div>
  )
}
