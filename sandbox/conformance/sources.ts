import type { Source } from './sentence.ts'

const moesif = (title: string, anchor: string): Source => ({
  kind: 'Moesif',
  title: `Moesif API reference, ${title}`,
  url: `https://www.moesif.com/docs/api#${anchor}`,
})

const official = (title: string, anchor: string): Source => ({
  kind: 'Moesif',
  title: `README of Moesif's filter, ${title}`,
  url: `https://github.com/Moesif/moesif-envoy-wasm-plugin#${anchor}`,
})

/** What Moesif documents. */
export const EVENT = moesif('Log an API Call', 'log-an-api-call')
export const BATCH = moesif('Log API Calls in Batch', 'log-api-calls-in-batch')
export const AUTHENTICATION = moesif('Authentication', 'authentication')
export const ERRORS = moesif('Errors', 'errors')
export const GET_CONFIG = moesif('Get Config', 'get-config')
export const GET_RULES = moesif('Get Rules', 'get-rules')
export const SAMPLING_GUIDE: Source = {
  kind: 'Moesif',
  title: 'Moesif guide, Dynamic Sampling',
  url: 'https://www.moesif.com/docs/guides/dynamic-sampling',
}
export const EVENT_SIZE = moesif('Maximum Event Size', 'maximum-event-size')
export const IDEMPOTENCY = moesif('Idempotency', 'idempotency')
/** What Moesif's own filter promises its users. */
export const OFFICIAL_OPTIONS = official('Configuration Options', 'configuration-options')
export const OFFICIAL_IDENTITY = official(
  'Identifying users and companies',
  'identifying-users-and-companies',
)
export const OFFICIAL_PURPOSE = official('introduction', 'moesif-envoy-wasm-plugin')

/** What a gateway may expect of any filter that records. */
export const AS_WITHOUT_FILTER: Source = {
  kind: 'gateway',
  title: 'What Envoy does without a filter, which one that records must not change',
  url: 'https://www.envoyproxy.io/docs/envoy/latest/intro/life_of_a_request',
}

/** What this project promises: a page, and a heading of it. */
export const promise = (page: string, heading: string): Source => ({
  kind: 'this project',
  title: `docs/${page}.md, ${heading}`,
  url: `docs/${page}.md#${headingAnchor(heading)}`,
})

/** As GitHub makes an anchor of a heading. */
export const headingAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .trim()
    .replaceAll(/\s/g, '-')

export const BENCH: Source = {
  kind: 'this project',
  title: 'bench/README.md, the budget',
  url: `bench/README.md#${headingAnchor('The plugin in a real Envoy: `npm run bench`')}`,
}
