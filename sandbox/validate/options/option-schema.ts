import schema from '#plugin/config.schema.json' with { type: 'json' }

/** As `config.schema.json` describes an option: what the plugin's own option table is generated from. */
export interface OptionSchema {
  default?: unknown
  minimum?: number
  maximum?: number
  examples?: unknown[]
  'x-format'?: string
  'x-on-invalid': string
  /** Options of one group: where one is given, the others have their `x-default-beside`. */
  'x-group'?: string
  'x-default-beside'?: string
  /** Says where events are sent. */
  'x-destination'?: boolean
  /**
   * What it means for a part of an event: words in which `{}` is its value, and `{name}` the value of another option. Of two, the
   * second says what holds where it is not given.
   */
  'x-event-contents'?: Record<string, string | [given: string, otherwise: string]>
}

export const OPTIONS: Readonly<Record<string, OptionSchema>> =
  schema.properties as object as Record<string, OptionSchema>
