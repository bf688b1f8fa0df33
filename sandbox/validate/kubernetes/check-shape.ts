import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Finding } from '../finding.ts'
import type { Path } from '../path.ts'
import { groupOf } from './api-versions.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import schema from './manifests.schema.json' with { type: 'json' }

const ajv = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true }).addSchema(schema)

/** Fields of a type that Kubernetes refuses: a text where a number belongs, and the other way round. */
export function checkShape(object: KubernetesObject): Finding[] {
  const isKnown = Object.hasOwn(schema.$defs, object.kind) && object.group === groupOf(object.kind)
  const validate = isKnown ? ajv.getSchema(`manifests#/$defs/${object.kind}`) : undefined
  if (!validate) return []
  return errorsOf(validate, object.content)
    .filter((error) => !isUnset(object, error))
    .map((error) => shapeError(object, error))
}

function errorsOf(validate: ValidateFunction, content: unknown): ErrorObject[] {
  validate(content)
  return validate.errors ?? []
}

/** @note Kubernetes' own types treat null as absent, Istio's do not. */
const isUnset = ({ group }: KubernetesObject, { data, instancePath }: ErrorObject): boolean =>
  data === null && (instancePath.startsWith('/metadata/') || !group.endsWith('.istio.io'))

function shapeError(object: KubernetesObject, error: ErrorObject): Finding {
  const path = pathOf(error.instancePath)
  const field = path.join('.')
  const { params, schema: expected, data } = error
  switch (error.keyword) {
    case 'required':
      return object.finding(path, `${[...path, params['missingProperty']].join('.')} is missing`)
    case 'additionalProperties':
      return object.finding(
        [...path, params['additionalProperty']],
        `${field} has no field ${params['additionalProperty']}`,
        `expected one of ${Object.keys(error.parentSchema?.['properties'] ?? {}).join(', ')}`,
      )
    case 'type':
      return object.finding(
        path,
        `${field} is ${kindOf(data)}, which Kubernetes refuses`,
        `expected ${[expected].flat().map(nameOf).join(' or ')}`,
      )
    case 'enum':
      return object.finding(
        path,
        `${field} is ${JSON.stringify(data)}`,
        `expected one of ${(expected as string[]).join(', ')}`,
      )
    case 'pattern':
      return object.finding(
        path,
        `${field} is ${JSON.stringify(data)}`,
        `expected ${error.parentSchema?.['description']}`,
      )
    default:
      return object.finding(path, `${field} ${error.message}`)
  }
}

/** `/spec/match/0/mode` */
const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key))

function kindOf(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : 'an object'
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text (in quotes)',
  integer: 'a whole number (without quotes)',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

const nameOf = (type: unknown): string => NAMES[String(type)] ?? String(type)
