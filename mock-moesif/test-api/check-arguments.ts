import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Type } from 'typebox'
import { BadCall } from './bad-call.ts'

const ajv = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  strict: false,
  formats: { 'http-url': isHttpUrl, 'moesif-query': true, 'moesif-field': true },
})

ajv.addKeyword({
  keyword: 'x-ascending',
  type: 'array',
  errors: false,
  validate: (_wanted: unknown, pair: number[]) => pair[0]! <= pair[1]!,
})

/** Compiled when first used: a mock that starts needs none of them. */
const compiled = new WeakMap<object, ValidateFunction>()

function errorsOf(schema: Type.TSchema, value: unknown): ErrorObject[] {
  let fits = compiled.get(schema)
  if (!fits) compiled.set(schema, (fits = ajv.compile(schema)))
  return fits(value) ? [] : (fits.errors ?? [])
}

/** Refuses a document that does not fit its schema, with every reason. */
export function checkBody(schema: Type.TSchema, document: unknown): unknown {
  const problems = errorsOf(schema, document).map((error) => ({
    pointer: error.instancePath,
    message: messageOf(error),
  }))
  const [first] = problems
  if (!first) return document
  const place = first.pointer === '' ? 'it' : first.pointer
  throw new BadCall(`The document does not fit: ${place} ${first.message}`, {
    detail: { problems },
  })
}

function messageOf({ message, params, keyword }: ErrorObject): string {
  if (keyword === 'format') return `must be an http or https URL without user name and password`
  if (keyword === 'x-ascending') return 'must have the smaller number first'
  if (keyword === 'pattern') return 'has characters that are not allowed here, or none'
  const extra = params['additionalProperty'] as string | undefined
  const allowed = params['allowedValues'] as unknown[] | undefined
  return `${message}${extra ? `: ${extra}` : ''}${allowed ? `: ${allowed.join(', ')}` : ''}`
}

/** Reads the query string by its schema. Unknown and repeated parameters are refused rather than ignored. */
export function checkQuery(schema: Type.TObject | undefined, search: URLSearchParams): object {
  const properties = (schema?.properties ?? {}) as Record<string, { type?: string }>
  const query: Record<string, unknown> = {}
  for (const [name, text] of search) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (!property) throw new BadCall(unknownParameter(name, Object.keys(properties)))
    if (Object.hasOwn(query, name)) throw new BadCall(`${name} is given twice`)
    query[name] = valueOf(property.type, text)
  }
  if (!schema) return query
  const errors = errorsOf(schema, query)
  const [error] = errors
  if (!error) return query
  const missing = errors.flatMap(({ keyword, params }) =>
    keyword === 'required' ? [String(params['missingProperty'])] : [],
  )
  if (missing.length > 0)
    throw new BadCall(`This needs a value for ${missing.join(' and ')} in the query string`)
  const name = error.instancePath.slice(1)
  throw new BadCall(`${name} ${messageOf(error)}, not "${search.get(name)}"`)
}

function unknownParameter(name: string, known: string[]): string {
  const offer = known.length > 0 ? `it takes ${known.join(', ')}` : 'it takes none'
  return `There is no parameter "${name}" here: ${offer}.`
}

/** The value that a text of the query string stands for, or the text when it stands for none. */
function valueOf(type: string | undefined, text: string): unknown {
  if (type === 'integer') return /^-?\d{1,16}$/.test(text) ? Number(text) : text
  if (type === 'boolean') {
    if (text === '' || text === '1') return true
    return text === '0' ? false : text === 'true' || (text === 'false' ? false : text)
  }
  return text
}

/** Reads the parameters of a path by their schema; what does not fit names nothing. */
export function readPath(
  schema: Type.TObject | undefined,
  texts: Record<string, string>,
): object | undefined {
  if (!schema) return {}
  const properties = schema.properties as Record<string, { type?: string }>
  const path = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, valueOf(properties[name]?.type, text)]),
  )
  return errorsOf(schema, path).length === 0 ? path : undefined
}

/** `fetch` refuses URLs with a user name. */
function isHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === ''
  )
}
