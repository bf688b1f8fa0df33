/** What the log of one Envoy is held against. */
export interface LogRules {
  applicationIds: readonly string[]
  /** Texts of users: bodies, header values, identities. */
  payloads: readonly string[]
  /** Whether a filter of that Envoy was asked for `debug: true`. */
  debug: boolean
}

/** @note shorter texts, `200` or `text/html`, may stand in a log for other reasons. */
const SHORTEST_PAYLOAD = 12
/** Of an application id the last four characters may be shown; any run of that many others identifies it. */
const TELLING_RUN = 8
const TELLING_END = 5

/** What a log shows though it must not, one sentence for each finding. */
export function violations(lines: readonly string[], rules: LogRules): string[] {
  const own = lines.filter((line) => line.includes('wasm log'))
  return [
    ...rules.applicationIds.flatMap((id) => [
      ...runsOf(id).flatMap((run) => found(lines, `a part of the application id ${id}`, run)),
      // An id that is a word may stand in Envoy's own lines.
      ...found(own, 'the application id', id),
      ...endOf(id).flatMap((end) => found(own, `more than 4 characters of ${id}`, end)),
    ]),
    ...rules.payloads
      .filter((text) => text.length >= SHORTEST_PAYLOAD)
      .flatMap((text) => found(lines, `the payload "${text}"`, text)),
    ...(rules.debug
      ? []
      : own
          .filter((line) => /\[(info|debug|trace)\]/.test(line))
          .map((line) => `a debug line without debug: true: "${line}"`)),
  ]
}

function found(lines: readonly string[], what: string, text: string): string[] {
  const line = lines.find((candidate) => candidate.includes(text))
  return line === undefined ? [] : [`${what} in "${line}"`]
}

/** Application ids in a configuration, also in one that holds the plugin's options as an escaped text. */
export function applicationIdsIn(configuration: string): string[] {
  const ids = Array.from(
    // The quotes of one JSON text are all escaped alike; what is not, is no JSON.
    configuration.matchAll(/moesif_application_id(\\*)":\s*\1"([^"\\]+)\1"/g),
    ([, , id]) => id!,
  )
  return [...new Set(ids)]
}

/** Whether a filter of a configuration has `debug: true`. */
export const asksForDebug = (configuration: string): boolean =>
  /"debug\\*":\s*true/.test(configuration)

/** Runs that can be nothing but a part of an id: those with letters and digits. */
function runsOf(id: string): string[] {
  return Array.from({ length: Math.max(0, id.length - TELLING_RUN + 1) }, (_, start) =>
    id.slice(start, start + TELLING_RUN),
  ).filter(isMixed)
}

function endOf(id: string): string[] {
  const end = id.slice(-TELLING_END)
  return id.length > TELLING_END && isMixed(end) ? [end] : []
}

const isMixed = (text: string): boolean => /[a-z]/i.test(text) && /\d/.test(text)
