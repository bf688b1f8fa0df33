import { asText, isLeftOut, shapeOf, type Message } from '../captured/event-shape.ts'
import { isMasked } from './masked.tsx'

/** A field of an event, whether it was sent, and the options of the plugin that decide that. */
export interface SentField {
  field: string
  state: 'sent' | 'masked' | 'left out' | 'not sent'
  text: string
  options: string[]
}

type Side = 'request' | 'response'

const kong = (field: string) => ['authorization_header_name', `authorization_${field}_id_field`]

/** Members of the event that an option governs; they are listed when they are absent, too. */
const chosen: Record<string, string[]> = {
  user_id: ['user_id_header', 'user_id_sources', ...kong('user')],
  company_id: ['company_id_header', 'company_id_sources', ...kong('company')],
  session_token: ['session_token_sources'],
  subscription_id: ['subscription_id_sources'],
}
const chosenOfRequest: Record<string, string[]> = {
  ip_address: ['client_ip_sources'],
  api_version: ['api_version_sources'],
}
/** Others that are there because of an option. */
const caused: Record<string, string[]> = {
  weight: ['disable_sampling'],
  blocked_by: ['enable_governance'],
}

/** Every field of the event, in its order. */
export function sentFields(event: unknown): SentField[] {
  const { request, response, rest } = shapeOf(event)
  return [
    ...ofMessage('request', request),
    ...(response ? ofMessage('response', response) : []),
    ...members('', withChosen(rest, chosen), { ...chosen, ...caused }),
  ]
}

function ofMessage(side: Side, message: Message): SentField[] {
  const { uri, verb, status, headers, rest } = message
  const own = side === 'request' ? chosenOfRequest : {}
  return [
    ...(uri === null ? [] : [fieldOf('request.uri', uri, ['request_query_masks'])]),
    ...(verb === null ? [] : [fieldOf('request.verb', verb, [])]),
    ...(status === null ? [] : [fieldOf('response.status', status, [])]),
    ...members(`${side}.`, withChosen(rest, own), own),
    ...headers.map(([name, value]) =>
      fieldOf(`${side}.headers.${name}`, value, headerOptions(side, name, value)),
    ),
    bodyOf(side, message),
  ]
}

function headerOptions(side: Side, name: string, value: string): string[] {
  const own = [`${side}_header_masks`, `${side}_header_allow`]
  const isCookie = /^(set-)?cookie$/i.test(name)
  return isMasked(value) && !isCookie ? ['request_query_masks', ...own] : own
}

function bodyOf(side: Side, { body, transferEncoding }: Message): SentField {
  const field = `${side}.body`
  const options = [
    `${side}_body_masks`,
    'capture_body_content_types',
    `${side}_max_body_size_limit`,
    `disable_capture_${side}_body`,
    'disable_body_decompression',
  ]
  if (body === undefined) return { field, state: 'not sent', text: '', options }
  if (isLeftOut(body)) return { field, state: 'left out', text: body.msg.slice(15), options }
  return fieldOf(field, transferEncoding === 'base64' ? decoded(body) : body, options)
}

function members(
  prefix: string,
  named: [name: string, value: unknown][],
  options: Record<string, string[]>,
): SentField[] {
  return named.flatMap(([name, value]) =>
    name === 'metadata' && typeof value === 'object' && value !== null
      ? Object.entries(value).map(([key, one]) =>
          fieldOf(`metadata.${key}`, one, ['metadata', 'disable_metadata']),
        )
      : [fieldOf(prefix + name, value, options[name] ?? [])],
  )
}

function withChosen(
  rest: [name: string, value: unknown][],
  options: Record<string, string[]>,
): [name: string, value: unknown][] {
  const there = new Set(rest.map(([name]) => name))
  const absent = Object.keys(options).filter((name) => !there.has(name))
  return [...rest, ...absent.map((name): [string, unknown] => [name, undefined])]
}

function fieldOf(field: string, value: unknown, options: string[]): SentField {
  if (value === undefined) return { field, state: 'not sent', text: '', options }
  const text = asText(value)
  return { field, state: isMasked(text) ? 'masked' : 'sent', text, options }
}

function decoded(body: unknown): unknown {
  try {
    return atob(asText(body))
  } catch {
    return body
  }
}
