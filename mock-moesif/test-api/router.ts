import { contract, type OperationName } from '../contract/index.ts'
import type { Method, Operation } from '../contract/operation.ts'
import { asStorageError, StorageError } from '../store/storage-error.ts'
import { BadCall } from './bad-call.ts'
import type { Call, Caller, Handlers } from './call.ts'
import { checkBody, checkQuery, readPath } from './check-arguments.ts'
import type { Reply } from './reply.ts'

interface Route {
  method: Method
  /** Of the path; `{id}` stands for a parameter. */
  segments: readonly string[]
  operation: Operation
  handle: (call: Call<never>) => Reply | Promise<Reply>
}

/** Finds the operation of a call, checks its arguments against the contract, and answers with its handler. */
export class Router {
  readonly #routes: readonly Route[]

  constructor(handlers: Handlers) {
    this.#routes = (Object.keys(contract) as OperationName[])
      .map((name): Route => {
        const [method, path] = name.split(' ') as [Method, string]
        return {
          method,
          segments: path.split('/'),
          operation: contract[name],
          handle: handlers[name] as Route['handle'],
        }
      })
      // A literal segment wins over a parameter: /events/await over /events/{id}.
      .sort((a, b) => Number(hasParameter(a)) - Number(hasParameter(b)))
  }

  /** Answers a call. Never throws. */
  async answer(method: string, target: string, caller: Caller): Promise<Reply> {
    try {
      const url = new URL(target, 'http://mock')
      return await this.#dispatch(method === 'HEAD' ? 'GET' : method, url, caller)
    } catch (error) {
      if (error instanceof BadCall)
        return { status: error.status, json: { error: error.message, ...error.detail } }
      return failure(asStorageError(error))
    }
  }

  async #dispatch(method: string, url: URL, caller: Caller): Promise<Reply> {
    const given = url.pathname.split('/')
    const allowed: string[] = []
    let named: BadCall | undefined
    for (const { method: wanted, segments, operation, handle } of this.#routes) {
      const parameters = matchPath(segments, given)
      if (!parameters) continue
      const path = readPath(operation.path, parameters)
      if (!path) {
        named ??= noSuch(parameters)
        continue
      }
      if (wanted !== method) {
        allowed.push(wanted)
        continue
      }
      const query = checkQuery(operation.query, url.searchParams)
      const body = await bodyOf(operation, caller)
      return handle({ ...caller, path, query, body } as unknown as Call<never>)
    }
    if (allowed.length > 0) return wrongMethod(url.pathname, allowed)
    throw named ?? noSuchPath(url.pathname)
  }
}

function failure(error: unknown): Reply {
  if (error instanceof StorageError)
    return { status: 503, headers: { 'retry-after': '1' }, json: { error: error.message } }
  return { status: 500, json: { error: `The mock failed: ${String(error)}` } }
}

function noSuch(parameters: Record<string, string>): BadCall {
  const text = Object.values(parameters).join(', ')
  return new BadCall(`"${text}" is not an id`, { status: 404 })
}

function noSuchPath(path: string): BadCall {
  return new BadCall(`There is no ${path}. GET /_mock/openapi.json lists what there is.`, {
    status: 404,
  })
}

function hasParameter({ segments }: Route): boolean {
  return segments.some((segment) => segment.startsWith('{'))
}

function wrongMethod(path: string, allowed: string[]): Reply {
  return {
    status: 405,
    headers: { allow: allowed.join(', ') },
    json: { error: `${path} takes ${allowed.join(', ')}` },
  }
}

function matchPath(
  wanted: readonly string[],
  given: readonly string[],
): Record<string, string> | undefined {
  if (wanted.length !== given.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index]!
    if (segment.startsWith('{')) {
      try {
        parameters[segment.slice(1, -1)] = decodeURIComponent(value)
      } catch {
        return undefined
      }
    } else if (segment !== value) return undefined
  }
  return parameters
}

/** The body as its schema describes it; text that is no JSON is left to the handler. */
async function bodyOf({ body }: Operation, caller: Caller): Promise<unknown> {
  if (!body?.schema || body.types) return undefined
  const text = Buffer.from(await caller.bytes()).toString()
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw new BadCall(`The body is not JSON: ${(error as Error).message}`)
  }
  return checkBody(body.schema, document)
}
