import { isMap, isScalar, parseDocument, type Node } from 'yaml'
import { askPlugin, characterIndex } from './judge-options.ts'
import { OPTIONS, type OptionSchema } from './option-schema.ts'
import { parseOptions } from './parse-options.ts'

/**
 * Every option with the value that the plugin works with. The built .wasm says which of the given values it does not take as
 * they are, its option table what it takes instead: the bound of a number that is out of range, or the default.
 *
 * @param text a document that the plugin captures with
 */
export async function optionsInEffect(
  text: string,
  wasm: string,
): Promise<Record<string, unknown>> {
  const given = parseOptions(text) ?? {}
  const refused = refusedOptions(text, await remarkedPlaces(text, wasm))
  const values: Record<string, unknown> = {}
  const groups = new Set<string>()
  for (const [name, option] of Object.entries(OPTIONS)) {
    const value = given[name]
    if (isLeftOut(value, option)) values[name] = option.default
    else values[name] = refused.has(name) ? instead(value, option) : value
    if (option['x-group'] && values[name] !== undefined) groups.add(option['x-group'])
  }
  for (const [name, option] of Object.entries(OPTIONS))
    if (groups.has(option['x-group'] ?? '')) values[name] ??= option['x-default-beside']
  return values
}

async function remarkedPlaces(text: string, wasm: string): Promise<number[]> {
  const findings = await askPlugin(text, wasm)
  return findings.flatMap(({ at }) => (at === undefined ? [] : characterIndex(text, at)))
}

/** Names of options about whose value there is a remark. @note of a name that is given twice the last value counts. */
function refusedOptions(text: string, places: readonly number[]): Set<string> {
  const { contents } = parseDocument(text, { uniqueKeys: false, prettyErrors: false })
  const values = new Map<string, Partial<Node>>()
  for (const { key, value } of isMap(contents) ? contents.items : []) {
    if (isScalar(key)) values.set(String(key.value), (value ?? {}) as Partial<Node>)
  }
  const isRefused = ({ range }: Partial<Node>): boolean =>
    range ? places.some((place) => range[0] <= place && place < range[1]) : false
  return new Set(Array.from(values).flatMap(([name, value]) => (isRefused(value) ? name : [])))
}

function instead(value: unknown, option: OptionSchema): unknown {
  if (option['x-on-invalid'] !== 'clamp' || typeof value !== 'number') return option.default
  return Math.max(option.minimum ?? 0, Math.min(option.maximum ?? Infinity, Math.floor(value)))
}

/** @note the plugin treats an empty text as absent, and so an empty list. */
function isLeftOut(value: unknown, { default: initial }: OptionSchema): boolean {
  if (value === undefined || value === null) return true
  if (Array.isArray(value)) return value.length === 0 && initial !== undefined
  return typeof value === 'string' && value.trim() === ''
}
