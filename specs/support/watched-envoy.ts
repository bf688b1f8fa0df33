import type { CapturedEvent, StartedMockMoesif } from '#mock-moesif/index.ts'
import { startEnvoy } from '#sandbox/envoy/start-envoy.ts'
import type { StartedEnvoy } from '#sandbox/envoy/started-envoy.ts'
import { applicationIdsIn, asksForDebug, violations } from '#specs/support/log-rules.ts'

export interface Watch {
  /** Where the events arrive: what stands in them may not stand in the log. */
  mocks?: readonly StartedMockMoesif[]
  /** Other texts that may not. */
  payloads?: readonly string[]
}

/** Of a mock with very many events the first are looked at. */
const MOST_EVENTS = 300

/** As the sandbox's `startEnvoy`; at its end its log is examined, and what it shows though it must not fails the spec. */
export async function startWatchedEnvoy({
  mocks,
  payloads,
  ...options
}: Parameters<typeof startEnvoy>[0] & Watch): Promise<StartedEnvoy> {
  let generated = ''
  const envoy = await startEnvoy({
    ...options,
    bootstrap: (bootstrap, placement) => {
      const last = options.bootstrap?.(bootstrap, placement) ?? bootstrap
      generated = JSON.stringify(last)
      return last
    },
  })
  // With a discovery service the listeners are not in the bootstrap.
  const configuration = generated + JSON.stringify([options.plugin, options.listeners])
  return watched(envoy, configuration, { ...(mocks && { mocks }), ...(payloads && { payloads }) })
}

/** Lets the end of an Envoy examine its log. @param configuration JSON text that has its plugin options in it */
export function watched(
  envoy: StartedEnvoy,
  configuration: string,
  { mocks = [], payloads = [] }: Watch,
): StartedEnvoy {
  const end = envoy[Symbol.asyncDispose].bind(envoy)
  const applicationIds = applicationIdsIn(configuration)
  const examine = async (): Promise<void> => {
    await end()
    const carried = await Promise.all(
      mocks.flatMap((mock) =>
        applicationIds.map(async (id) => {
          const events = await mock.application(id).events()
          return events.slice(0, MOST_EVENTS).flatMap(textsOf)
        }),
      ),
    )
    const found = violations(envoy.logs(), {
      applicationIds,
      payloads: [...new Set([...payloads, ...carried.flat()])],
      debug: asksForDebug(configuration),
    })
    if (found.length > 0) throw new LogViolation(found)
  }
  return Object.assign(envoy, { [Symbol.asyncDispose]: examine })
}

/** An Envoy logged what no log may show. */
export class LogViolation extends Error {
  override readonly name = 'LogViolation'

  constructor(found: readonly string[]) {
    super(`Envoy's log shows what it must not:\n${found.slice(0, 10).join('\n')}`)
  }
}

/** Every text of an event that came from a user. */
function textsOf({ event }: CapturedEvent): string[] {
  const { request, response, user_id, company_id, session_token } = event
  return leavesOf([
    [request?.uri, request?.body, request?.headers],
    [response?.body, response?.headers],
    [user_id, company_id, session_token],
  ])
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(leavesOf)
}
