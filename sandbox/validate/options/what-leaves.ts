import schema from '#plugin/config.schema.json' with { type: 'json' }
import { optionsInEffect } from './options-in-effect.ts'

/** Every option, as `optionsInEffect` gives them. */
type Options = Record<string, unknown>

/**
 * What the events hold that the plugin makes with an options document, and what not: a name and a sentence for each part of
 * an event.
 */
export async function whatLeaves(
  text: string,
  wasm: string,
): Promise<[name: string, words: string][]> {
  const options = await optionsInEffect(text, wasm)
  const identities: [string, string][] = [
    ['user', identity(options, 'user', basicAndClaim(options))],
    ['company', identity(options, 'company', claimOfCompany(options))],
    ['session', listed(options, 'session_token_sources').join(', then ')],
    ['subscription', listed(options, 'subscription_id_sources').join(', then ')],
    [
      'API version',
      [...listed(options, 'api_version_sources'), 'header:x-api-version'].join(', then '),
    ],
    ['client address', addressSources(options)],
  ]
  return [
    ['exchanges', exchanges(options)],
    ...identities.filter(([, words]) => words !== ''),
    ['request headers', headers(options, 'request')],
    ['response headers', headers(options, 'response')],
    ['query', masked('as it is', listed(options, 'request_query_masks'))],
    ['request bodies', bodies(options, 'request')],
    ['response bodies', bodies(options, 'response')],
    ['metadata', metadata(options)],
  ]
}

/** The same as lines of a table. */
export async function whatLeavesLines(text: string, wasm: string): Promise<string[]> {
  return (await whatLeaves(text, wasm)).map(([name, words]) => `  ${name.padEnd(18)}${words}`)
}

function exchanges(options: Options): string {
  const groups = Array.isArray(options['skip']) ? (options['skip'] as Group[]) : []
  if (groups.length === 0) return 'all'
  const words = groups.map(({ conditions = [] }) =>
    conditions.map(({ path, value }) => `${path} ~ ${value}`).join(' and '),
  )
  return `all but ${words.join(', or ')}`
}

interface Group {
  conditions?: { path: string; value: string }[]
}

type Side = 'request' | 'response'

const listed = (options: Options, name: string): string[] => {
  const value = options[name]
  return Array.isArray(value) ? value.map(String) : []
}

const text = (options: Options, name: string): string | undefined => {
  const value = options[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function identity(options: Options, who: 'user' | 'company', more: string[]): string {
  const header = text(options, `${who}_id_header`)?.toLowerCase()
  const own = header === undefined ? [] : [`header:${header}`, `response_header:${header}`]
  const sources = [...own, ...listed(options, `${who}_id_sources`), ...more]
  return sources.length === 0 ? 'unknown' : sources.join(', then ')
}

const { properties: SCHEMA } = schema

/** The options of Moesif's plugin for Kong: with one of them the others have their defaults. */
function authorization(
  options: Options,
): { headers: string[]; user: string; company?: string } | undefined {
  const header = text(options, 'authorization_header_name')
  const user = text(options, 'authorization_user_id_field')
  const company = text(options, 'authorization_company_id_field')
  if (header === undefined && user === undefined && company === undefined) return undefined
  const names = (header ?? SCHEMA.authorization_header_name['x-default-beside'])
    .split(',')
    .map((name) => name.trim().toLowerCase())
  return {
    headers: names,
    user: user ?? SCHEMA.authorization_user_id_field['x-default-beside'],
    ...(company !== undefined && { company }),
  }
}

/** @note to the plugin no sources of the address are as good as no such option. */
function addressSources(options: Options): string {
  const given = listed(options, 'client_ip_sources')
  return (given.length > 0 ? given : SCHEMA.client_ip_sources.default).join(', then ')
}

const basicAndClaim = (options: Options): string[] => {
  const given = authorization(options)
  return given?.headers.flatMap((name) => [`jwt:${name}:${given.user}`, `basic:${name}`]) ?? []
}

const claimOfCompany = (options: Options): string[] => {
  const given = authorization(options)
  return given?.company === undefined
    ? []
    : given.headers.map((name) => `jwt:${name}:${given.company}`)
}

const isCookie = (mask: string): boolean => /^(set-)?cookie:/i.test(mask)

function headers(options: Options, side: Side): string {
  const masks = listed(options, `${side}_header_masks`)
  const names = masks.filter((mask) => !isCookie(mask))
  const cookies = masks.filter(isCookie).map((mask) => mask.replace(/^.*?:/, ''))
  const allowed = options[`${side}_header_allow`]
  const shown = Array.isArray(allowed) ? `only ${join(allowed)}` : 'all'
  return [
    names.length > 0 ? `${shown} but ${join(names)}` : shown,
    ...(cookies.length > 0 ? [`masked cookies: ${join(cookies)}`] : []),
    ...(listed(options, 'request_query_masks').length > 0 ? ['parameters in URIs masked'] : []),
  ].join('; ')
}

function bodies(options: Options, side: Side): string {
  if (options[`disable_capture_${side}_body`] === true) return 'none'
  const limit = options[`${side}_max_body_size_limit`]
  const types = listed(options, 'capture_body_content_types')
  const masks = listed(options, `${side}_body_masks`)
  return [
    `up to ${String(limit)} bytes`,
    ...(types.length > 0 ? [`only ${join(types)}`] : []),
    ...(options['disable_body_decompression'] === true ? ['not decompressed'] : []),
    ...(masks.length > 0
      ? [`masked: ${join(masks)}; left out if that cannot be done`]
      : ['nothing masked']),
  ].join('; ')
}

function metadata(options: Options): string {
  const own = Object.keys((options['metadata'] as object | null | undefined) ?? {})
  const envoy =
    options['disable_metadata'] === true
      ? []
      : ['route, cluster, response code details and flags, gRPC status, request id, plugin version']
  return [...envoy, ...own].join(', ') || 'none'
}

const masked = (otherwise: string, names: string[]): string =>
  names.length === 0 ? otherwise : `masked: ${join(names)}`

const join = (names: unknown[]): string => (names.length === 0 ? 'none' : names.join(', '))
