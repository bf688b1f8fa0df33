import type { faultOperations } from '../../contract/faults.ts'
import type { forwardOperations } from '../../contract/forward.ts'
import type { gatewayOperations } from '../../contract/gateway.ts'
import { EVERYONE } from '../../model/application.ts'
import { sendRequest } from '../../gateway/send-request.ts'
import { BadCall } from '../bad-call.ts'
import { noContent, ok, type Handlers } from '../call.ts'
import type { Parts } from '../parts.ts'

/** Each request is compared with all of them, and each reader of the stream is sent all. */
const MAX_FAULTS = 1000

type Control = typeof faultOperations & typeof forwardOperations & typeof gatewayOperations

export function controlRoutes({ faults, forwarding, gateway }: Parts): Handlers<keyof Control> {
  return {
    'GET /_mock/faults': ({ query }) => ok(faults.list(query.app)),
    'POST /_mock/faults': ({ body }) => {
      if (faults.list().length >= MAX_FAULTS)
        throw new BadCall(`${MAX_FAULTS} faults are set already: remove some first`)
      if (!faults.hasRoomFor(body))
        throw new BadCall('The faults would be more than 1 MiB in all: remove some first')
      return { status: 201, json: faults.add(body) }
    },
    'DELETE /_mock/faults': ({ query }) => {
      faults.clear(query.app)
      return noContent
    },
    'DELETE /_mock/faults/{id}': ({ path: { id } }) => {
      if (faults.remove(id)) return noContent
      throw new BadCall(`There is no fault ${id}: it expired, or was used up`, { status: 404 })
    },
    'GET /_mock/forward': () => ok(forwarding.list()),
    'PUT /_mock/forward': ({ query, body }) => {
      const applicationId = query.app ?? EVERYONE
      forwarding.set(applicationId, body)
      return ok({ applicationId, ...body })
    },
    'DELETE /_mock/forward': ({ query }) => {
      forwarding.remove(query.app ?? EVERYONE)
      return noContent
    },
    'GET /_mock/gateway': async () => ok(await gateway.read()),
    'PUT /_mock/gateway': ({ body }) => {
      gateway.set(body)
      return noContent
    },
    'GET /_mock/gateway/history': () => ok(gateway.history.samples),
    'GET /_mock/gateway/log': ({ query }) => ok(gateway.log.after(query.after ?? 0)),
    'POST /_mock/gateway/log': ({ body }) => {
      gateway.log.add(body.lines)
      return noContent
    },
    'POST /_mock/gateway/requests': async ({ body }) => {
      const url = gateway.listenerUrl
      if (url === undefined)
        throw new BadCall('No gateway is configured: start the sandbox, or set yours', {
          status: 409,
        })
      try {
        return ok(await sendRequest(url, body))
      } catch (error) {
        throw new BadCall(`The gateway at ${url} did not answer: ${(error as Error).message}`, {
          status: 502,
        })
      }
    },
  }
}
