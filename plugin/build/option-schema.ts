import { readFile } from 'node:fs/promises'
import path from 'node:path'

export type ListItems =
  | 'request-headers'
  | 'response-headers'
  | 'allowed-headers'
  | 'media-types'
  | 'parameters'
  | 'body-masks'
  | 'sources'
  | 'address-sources'
  | 'conditions'

/** One option as `plugin/config.schema.json` describes it. */
export interface OptionSchema {
  name: string
  title: string
  description: string
  type: 'string' | 'boolean' | 'integer' | 'array' | 'object'
  required: boolean
  default?: unknown
  minimum?: number
  maximum?: number
  enum?: string[]
  examples?: unknown[]
  /** `ms`, `bytes`, `events`. */
  unit?: string
  format: 'printable' | 'words' | 'secret' | 'header-name'
  /** What the items of a list are. */
  items?: ListItems
  /** Of a text: its default when another option of its group is given. */
  defaultBeside?: string
  /** A mistake in it might send what must not be sent. */
  privacy: boolean
  /** What a value does that cannot be taken as it is. */
  onInvalid: 'clamp' | 'ignore' | 'off'
}

interface PropertySchema extends Omit<OptionSchema, 'name' | 'type' | 'enum' | 'items'> {
  type: string | string[]
  enum?: (string | null)[]
  'x-unit'?: string
  'x-format'?: OptionSchema['format']
  'x-privacy'?: boolean
  'x-default-beside'?: string
  'x-items'?: ListItems
  items?: unknown
  'x-on-invalid': OptionSchema['onInvalid']
}

/** All options in the order of the schema. */
export async function readOptionSchema(project: string): Promise<OptionSchema[]> {
  const file = await readFile(path.join(project, 'plugin/config.schema.json'), 'utf8')
  const schema = JSON.parse(file) as {
    required: string[]
    properties: Record<string, PropertySchema>
  }
  const { required, properties } = schema
  return Object.entries(properties).map(([name, property]) => readOption(name, property, required))
}

function readOption(name: string, property: PropertySchema, required: string[]): OptionSchema {
  const {
    'x-unit': unit,
    'x-format': format,
    'x-privacy': privacy,
    'x-items': listItems,
    'x-default-beside': defaultBeside,
    items: _,
    ...rest
  } = property
  const choices = property.enum?.filter((word) => word !== null)
  return {
    ...rest,
    name,
    type: [property.type].flat()[0] as OptionSchema['type'],
    required: required.includes(name),
    format: format ?? 'printable',
    privacy: privacy ?? false,
    onInvalid: property['x-on-invalid'],
    ...(unit ? { unit } : {}),
    ...(listItems ? { items: listItems } : {}),
    ...(defaultBeside ? { defaultBeside } : {}),
    ...(choices ? { enum: choices } : {}),
  } as OptionSchema
}
