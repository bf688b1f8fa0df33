import { OPTIONS, type OptionSchema } from './option-schema.ts'
import { optionsInEffect } from './options-in-effect.ts'

/** A part of an event, or of a client's traffic. */
interface Part {
  name: string
  /** Said where no option says anything; without it the part is not named then. */
  otherwise?: string
  /** Between what several options say; `; ` by default. */
  separator?: string
  /** Holds behind what the options say, whatever they are. */
  last?: string
}

const SOURCES = { separator: ', then ' }

const PARTS: readonly Part[] = [
  { name: 'exchanges', otherwise: 'all' },
  { name: 'user', otherwise: 'unknown', ...SOURCES },
  { name: 'company', otherwise: 'unknown', ...SOURCES },
  { name: 'session', ...SOURCES },
  { name: 'subscription', ...SOURCES },
  { name: 'API version', last: 'header:x-api-version', ...SOURCES },
  { name: 'client address', ...SOURCES },
  { name: 'request headers', otherwise: 'all' },
  { name: 'response headers', otherwise: 'all' },
  { name: 'query', otherwise: 'as it is' },
  { name: 'request bodies' },
  { name: 'response bodies' },
  { name: 'metadata', otherwise: 'none', separator: ', ' },
]

/** Said of a part, this leaves no room for what other options say of it. */
const NOTHING = 'none'

type Values = Record<string, unknown>

/**
 * What the events hold that the plugin makes with an options document, and what not: a name and a sentence for each part of
 * an event. What each option means is said in `config.schema.json`, its value in effect by the plugin.
 */
export async function eventContents(
  text: string,
  wasm: string,
): Promise<[name: string, words: string][]> {
  const values = await optionsInEffect(text, wasm)
  return PARTS.flatMap((part): [string, string][] => {
    const words = wordsOf(part, values)
    return words === undefined ? [] : [[part.name, words]]
  })
}

/** The same as lines of a table. */
export async function eventContentsLines(text: string, wasm: string): Promise<string[]> {
  return (await eventContents(text, wasm)).map(([name, words]) => `  ${name.padEnd(18)}${words}`)
}

function wordsOf(part: Part, values: Values): string | undefined {
  const separator = part.separator ?? '; '
  const said = Object.entries(OPTIONS).flatMap(([name, option]) => {
    const [given = '', otherwise = ''] = [option['x-event-contents']?.[part.name]].flat()
    if (!isGiven(values[name], option)) return otherwise || []
    return filled(given, textOf(values[name], option, part), values, separator) || []
  })
  if (said.includes(NOTHING)) return NOTHING
  if (part.last !== undefined) said.push(part.last)
  return said.length === 0 ? part.otherwise : said.join(separator)
}

/** @note an empty list means something only where no list is the default. */
function isGiven(value: unknown, { default: initial }: OptionSchema): boolean {
  if (Array.isArray(value) && value.length === 0) return initial === undefined
  return value !== undefined && value !== false
}

/** The template, once for each word of the other option that it names. */
function filled(template: string, text: string, values: Values, separator: string): string {
  const other = /\{(\w+)\}/.exec(template)
  const templates = other
    ? String(values[other[1]!])
        .split(',')
        .map((word) => template.replaceAll(other[0], () => word.trim()))
    : [template]
  return templates.map((words) => words.replaceAll('{}', () => text)).join(separator)
}

interface Group {
  conditions?: { path: string; value: string }[]
}

function textOf(value: unknown, option: OptionSchema, { separator = ', ' }: Part): string {
  if (!Array.isArray(value)) {
    if (typeof value === 'object' && value !== null) return Object.keys(value).join(', ')
    return option['x-format'] === 'header-name' ? String(value).toLowerCase() : String(value)
  }
  if (value.length === 0) return NOTHING
  if (value.every((item) => typeof item === 'string')) return value.join(separator)
  return (value as Group[]).map(conditionsOf).join(', or ')
}

const conditionsOf = ({ conditions = [] }: Group): string =>
  conditions.map(({ path, value }) => `${path} ~ ${value}`).join(' and ')
