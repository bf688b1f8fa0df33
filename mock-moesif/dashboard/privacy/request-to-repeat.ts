import type { EventRecord } from '#mock-moesif/client/index.ts'
import { toText } from '../captured/body-bytes.ts'
import { type CapturedRequest, capturedRequest } from '../captured/captured-request.ts'
import { asList } from '../captured/members.ts'
import { optionsOf } from '../live/gateway.ts'
import { isMasked } from './masked.tsx'

/** An event's request as it can be sent again, with a remark on what masks took out of it. */
export function requestToRepeat(record: EventRecord, raw: string): CapturedRequest {
  const request = capturedRequest(record.event, raw)
  const { uri, headers, body } = request
  const remarks = [
    request.remark,
    isMasked(`${uri}${headers.join()}${body && toText(body)}`) &&
      'Masked values are sent as *****.',
    leavesHeadersOut(record.applicationId) &&
      'Request headers that the plugin leaves out of events are missing.',
  ]
  return { ...request, remark: remarks.filter(Boolean).join(' ') || null }
}

/** As far as the options of the plugin are known. */
function leavesHeadersOut(application: string): boolean {
  const { request_header_allow: allowed, request_header_masks: masks } =
    optionsOf(application) ?? {}
  return (
    allowed !== undefined || asList(masks as string[]).some((name) => !String(name).includes(':'))
  )
}
