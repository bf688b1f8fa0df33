import type { ErrorObject } from 'ajv'
import type { Finding } from '../model/event.ts'

/** Turns an error of ajv into a sentence that a reader who never saw a JSON schema understands. */
export function schemaFinding(error: ErrorObject): Finding {
  return { severity: 'error', ...sentence(error) }
}

function sentence(error: ErrorObject): { pointer: string; message: string } {
  const params = error.params as Record<string, unknown>
  const name = error.instancePath.slice(error.instancePath.lastIndexOf('/') + 1) || 'it'
  switch (error.keyword) {
    case 'required':
      return {
        pointer: `${error.instancePath}/${String(params['missingProperty'])}`,
        message: `${String(params['missingProperty'])} is required here and is missing`,
      }
    case 'type':
      return {
        pointer: error.instancePath,
        message: `${name} must be ${words(params['type'])}`,
      }
    case 'pattern':
      return {
        pointer: error.instancePath,
        message: `${name} must be an ISO-8601 time such as 2026-01-31T12:00:00.000Z`,
      }
    case 'minLength':
      return { pointer: error.instancePath, message: `${name} must not be empty` }
    case 'minimum':
      return {
        pointer: error.instancePath,
        message:
          params['limit'] === 0
            ? `${name} must not be negative`
            : `${name} must be at least ${String(params['limit'])}`,
      }
    case 'maximum':
      return {
        pointer: error.instancePath,
        message: `${name} must be ${String(params['limit'])} at most`,
      }
    case 'enum':
      return {
        pointer: error.instancePath,
        message: `${name} must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`,
      }
    default:
      return { pointer: error.instancePath, message: `${name} ${error.message ?? 'is not valid'}` }
  }
}

const articles: Record<string, string> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
}

function words(types: unknown): string {
  const list = Array.isArray(types) ? types.map(String) : String(types).split(',')
  return list.map((type) => articles[type] ?? type).join(' or ')
}
