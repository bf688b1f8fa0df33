import { EVERYONE, type DocumentKind } from '../../collector/documents.ts'
import { applicationOf, idOf } from '../arguments.ts'
import { faultSpec, forwardSpec, gatewaySpec } from '../documents-in.ts'
import type { Parts } from '../parts.ts'
import { BadCall, type Route } from '../router.ts'

export function controlRoutes(parts: Parts): Route[] {
  const { faults, forwarding, gateway } = parts
  return [
    ...documentRoutes(parts, 'config'),
    ...documentRoutes(parts, 'rules'),
    {
      method: 'GET',
      path: '/_mock/faults',
      handle: ({ search }) => ({ status: 200, json: faults.list(applicationOf(search)) }),
    },
    {
      method: 'POST',
      path: '/_mock/faults',
      handle: async (call) => ({ status: 201, json: faults.add(faultSpec(await call.json())) }),
    },
    {
      method: 'DELETE',
      path: '/_mock/faults',
      handle: ({ search }) => {
        faults.clear(applicationOf(search))
        return { status: 204 }
      },
    },
    {
      method: 'DELETE',
      path: '/_mock/faults/{id}',
      handle: ({ params }) => {
        if (faults.remove(idOf(params['id']))) return { status: 204 }
        throw new BadCall(`There is no fault ${params['id']}: it expired, or was used up`, {
          status: 404,
        })
      },
    },
    {
      method: 'GET',
      path: '/_mock/forward',
      handle: () => ({ status: 200, json: forwarding.list() }),
    },
    {
      method: 'PUT',
      path: '/_mock/forward',
      handle: async (call) => {
        const spec = forwardSpec(await call.json())
        const applicationId = applicationOf(call.search) ?? EVERYONE
        forwarding.set(applicationId, spec)
        return { status: 200, json: { applicationId, ...spec } }
      },
    },
    {
      method: 'DELETE',
      path: '/_mock/forward',
      handle: ({ search }) => {
        forwarding.remove(applicationOf(search) ?? EVERYONE)
        return { status: 204 }
      },
    },
    {
      method: 'GET',
      path: '/_mock/gateway',
      handle: async () => ({ status: 200, json: await gateway.read() }),
    },
    {
      method: 'PUT',
      path: '/_mock/gateway',
      handle: async (call) => {
        gateway.set(gatewaySpec(await call.json()))
        return { status: 204 }
      },
    },
  ]
}

function documentRoutes({ documents }: Parts, kind: DocumentKind): Route[] {
  const path = `/_mock/${kind}`
  const served = (applicationId: string) => ({
    status: 200,
    headers: {
      'content-type': 'application/json',
      etag: `"${documents.tag(applicationId, kind)}"`,
    },
    body: documents.text(applicationId, kind),
  })
  const checked = (document: unknown) => {
    const fits = kind === 'rules' ? Array.isArray(document) : isObject(document)
    if (!fits) throw new BadCall(`${kind} is ${kind === 'rules' ? 'an array' : 'an object'}`)
    return document
  }
  return [
    {
      method: 'GET',
      path,
      handle: ({ search }) => served(applicationOf(search) ?? EVERYONE),
    },
    {
      method: 'PUT',
      path,
      handle: async (call) => {
        const applicationId = applicationOf(call.search) ?? EVERYONE
        documents.put(applicationId, kind, checked(await call.json()))
        return served(applicationId)
      },
    },
    {
      method: 'PATCH',
      path,
      handle: async (call) => {
        const applicationId = applicationOf(call.search) ?? EVERYONE
        documents.patch(applicationId, kind, checked(await call.json()))
        return served(applicationId)
      },
    },
  ]
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
