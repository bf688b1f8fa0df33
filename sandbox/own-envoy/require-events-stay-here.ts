import type { StartedEnvoy } from '../envoy/started-envoy.ts'
import { checkRunningEnvoy } from '../validate/envoy/check-running-envoy.ts'

/**
 * Checks the configuration of a running Envoy: every cluster that a Moesif filter names must lead to the mock, and
 * it may listen on loopback only.
 *
 * @throws an Error that says what would leave this machine, or who could come in
 */
export async function requireEventsStayHere(
  { admin, runtime }: StartedEnvoy,
  { collectorUrl, pluginFile }: { collectorUrl: string; pluginFile: string },
): Promise<void> {
  const found = await checkRunningEnvoy(
    {
      configDump: await admin.configDump(),
      // What a container listens on is published on loopback, and only what was asked for.
      ...(runtime.name === 'process' && {
        listeners: JSON.parse(await admin.get('/listeners?format=json')) as unknown,
      }),
    },
    { collectorUrl, hostAddress: runtime.hostAddress },
    pluginFile,
  )
  if (found.length > 0) {
    throw new Error(`The sandbox stops what it started: ${found.join('. ')}.`)
  }
}
