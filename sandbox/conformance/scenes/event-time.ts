export const isTime = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]00:?00)?$/.test(value)

/** Unix time in milliseconds. @note without a zone the collector takes a time as UTC. */
export const timeOf = (value: string): number =>
  Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`)
