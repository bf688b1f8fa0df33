import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

const file = path.resolve(import.meta.dirname, '../../plugin/event.schema.json')
const ajv = new Ajv2020({ allErrors: true, strictTypes: false })
addFormats.default(ajv)
const validate = ajv.compile(JSON.parse(await readFile(file, 'utf8')) as object)

/** What the promised schema finds wrong with an event; empty when nothing. */
export function schemaErrors(event: unknown): string[] {
  if (validate(event)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
