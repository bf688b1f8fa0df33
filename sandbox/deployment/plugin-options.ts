import schema from '#plugin/config.schema.json' with { type: 'json' }

/** The names of the plugin's options. */
const OPTION_NAMES: readonly string[] = Object.keys(schema.properties)

export const DEFAULT_UPSTREAM = 'moesif_api'

/** Remarks on an options document, by the option they are on (`undefined`: on the whole). */
export function optionRemarks(
  options: Record<string, unknown>,
): { option: string | undefined; message: string }[] {
  const unknown = Object.keys(options)
    .filter((name) => !OPTION_NAMES.includes(name))
    .map((option) => ({
      option,
      message: `${option} is no option of the plugin: did you mean ${nearest(option)}?`,
    }))
  const applicationId = options['moesif_application_id']
  if (typeof applicationId === 'string' && applicationId.trim() !== '') return unknown
  return [
    ...unknown,
    {
      option: undefined,
      message: 'moesif_application_id is missing: nothing would be captured without it',
    },
  ]
}

/** The host the plugin names in its requests, which the collector's certificate must be for. */
export function collectorHost(options: Record<string, unknown>): string {
  const base = options['base_uri']
  if (typeof base !== 'string' || base === '') return 'api.moesif.net'
  const url = base.includes('://') ? base : `https://${base}`
  return URL.canParse(url) ? new URL(url).hostname : base
}

function nearest(name: string): string {
  return OPTION_NAMES.reduce((best, candidate) =>
    distance(name, candidate) < distance(name, best) ? candidate : best,
  )
}

/** Levenshtein's. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replace = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
