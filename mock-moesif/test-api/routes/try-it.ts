import type { tryOperations } from '../../contract/try-it.ts'
import { EVERYONE } from '../../model/application.ts'
import type { EventRecord } from '../../model/event.ts'
import type { MoesifEvent } from '../../model/moesif-event.ts'
import { PluginNotBuilt, type TrySpec } from '../../model/try-it.ts'
import { jsonText } from '../../query/json-text.ts'
import { BadCall, notHeld } from '../bad-call.ts'
import { ok, type Handlers } from '../call.ts'
import type { Parts } from '../parts.ts'

const NO_PLUGIN =
  'This mock has no plugin to ask: start it with `npm start`, `npm run mock` or the package, or give it `tryCall`.'

export function tryRoutes({
  documents,
  search,
  tryCall,
}: Parts): Handlers<keyof typeof tryOperations> {
  return {
    'POST /_mock/try': async ({ query: { app = EVERYONE }, body }) => {
      if (!tryCall) throw new BadCall(NO_PLUGIN, { status: 501 })
      const { eventId } = body
      const record =
        eventId === undefined ? undefined : (search.get(eventId) ?? notHeld('Event', eventId))
      const served = {
        config: documents.text(app, 'config'),
        rules: documents.text(app, 'rules'),
      }
      try {
        return ok(await tryCall(served, { ...(record && callOf(record)), ...body }))
      } catch (error) {
        if (error instanceof PluginNotBuilt) throw new BadCall(error.message, { status: 501 })
        throw error
      }
    },
  }
}

/** The call that an event describes. */
function callOf({ event, verdict, id }: EventRecord): TrySpec {
  if (verdict === 'bad') {
    throw new BadCall(`Event ${id} is bad: give the call itself`, { status: 409 })
  }
  const { request, response, user_id, company_id } = event as MoesifEvent
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : jsonText(value),
  ])
  return {
    verb: request.verb,
    uri: request.uri,
    headers: Object.fromEntries(headers) as Record<string, string>,
    bodyIsBase64: request.transfer_encoding === 'base64',
    ...(request.body !== undefined && request.body !== null && { body: request.body as unknown }),
    ...(user_id && { userId: user_id }),
    ...(company_id && { companyId: company_id }),
    ...(request.ip_address && { ipAddress: request.ip_address }),
    ...(response && { upstreamStatus: Math.min(599, Math.max(200, response.status)) }),
  }
}
