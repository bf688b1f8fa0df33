import { asCurl } from '../copy/as-curl.ts'
import { asFetch } from '../copy/as-fetch.ts'
import { requestToRepeat } from '../privacy/request-to-repeat.ts'
import { copy } from '../copy/clipboard.ts'
import { record } from '../live/open-event.ts'
import { whenRaw } from '../live/raw-event.ts'

const writers = { curl: asCurl, fetch: asFetch }

/** Copies the open event's request as a command that sends the same bytes again. */
export async function copyRequest(as: keyof typeof writers): Promise<void> {
  const event = record.peek()
  if (event) await copy(writers[as](requestToRepeat(event, await whenRaw())), `as ${as}`)
}
