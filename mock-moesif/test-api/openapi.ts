import { contract, tags } from '../contract/index.ts'
import { answers, ErrorAnswer, type Content, type Operation } from '../contract/operation.ts'

interface Schema {
  title?: string
  properties?: Record<string, Schema>
  required?: readonly string[]
  [keyword: string]: unknown
}

/** The test API, described in OpenAPI 3.1: the contract in other words. */
export function openApi(version: string): object {
  const components: Record<string, Schema> = {}

  /** A schema with a title is a component, and is referred to. */
  const withReferences = (schema: unknown): unknown => {
    if (Array.isArray(schema)) return schema.map(withReferences)
    if (typeof schema !== 'object' || schema === null) return schema
    const { title, ...rest } = schema as Schema
    const entries = Object.entries(rest).map(([key, value]) => [
      key,
      key === 'properties' ? mapped(value as Record<string, Schema>) : withReferences(value),
    ])
    if (title === undefined) return Object.fromEntries(entries)
    components[title] ??= Object.fromEntries(entries) as Schema
    return { $ref: `#/components/schemas/${title}` }
  }
  const mapped = (properties: Record<string, Schema>) =>
    Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, withReferences(schema)]),
    )

  const content = ({ schema, types = ['application/json'] }: Content) =>
    schema && {
      content: Object.fromEntries(types.map((type) => [type, { schema: withReferences(schema) }])),
    }
  const answer = (described: Content) => ({
    description: described.description,
    ...content(described),
  })
  const operationOf = ({ id, tag, summary, query, headers, path, body, ...rest }: Operation) => ({
    operationId: id,
    tags: [tag],
    summary,
    ...withParameters([
      ...parametersOf('path', path),
      ...parametersOf('query', query),
      ...parametersOf('header', headers),
    ]),
    ...(body && {
      requestBody: {
        description: body.description,
        required: body.optional !== true,
        ...content(body),
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(rest.answers).map(([status, described]) => [status, answer(described)]),
      ),
      default: answer(answers('Anything else: why, and what to change', ErrorAnswer)),
    },
  })

  const paths: Record<string, Record<string, object>> = {}
  for (const [name, operation] of Object.entries(contract)) {
    const [method, path] = name.split(' ') as [string, string]
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mock Moesif test API',
      version,
      description:
        'Ask what the mock collector received, wait for it, and make the collector fail.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The mock that serves this document' }],
    security: [],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: components },
  }
}

function withParameters(parameters: object[]): { parameters?: object[] } {
  return parameters.length > 0 ? { parameters } : {}
}

function parametersOf(place: string, schema: unknown): object[] {
  const { properties = {}, required = [] } = (schema ?? {}) as Schema
  return Object.entries(properties).map(([name, { description = name, ...value }]) => ({
    name,
    in: place,
    required: required.includes(name),
    description,
    schema: value,
  }))
}
