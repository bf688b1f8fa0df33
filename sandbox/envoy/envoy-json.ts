/** A piece of Envoy configuration as Envoy's own JSON/YAML mapping writes it. */
export type EnvoyJson = Record<string, unknown>
