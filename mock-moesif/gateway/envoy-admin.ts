/** A configuration of many megabytes takes Envoy a while, and so does everything on a busy machine. */
const TIMEOUT_MS = 3000
const PREFIX = 'wasmcustom.'

/** The plugin's metrics of all workers, as Envoy's admin adds them up. */
export async function readCounters(adminUrl: string): Promise<Record<string, number>> {
  const { stats } = (await ask(adminUrl, '/stats?filter=moesif&format=json')) as {
    stats: { name?: string; value?: number }[]
  }
  const counters: Record<string, number> = {}
  for (const { name, value } of stats)
    if (name?.startsWith(PREFIX) && typeof value === 'number')
      counters[name.slice(PREFIX.length)] = value
  return counters
}

/** Envoy's version, e.g. `1.40.0`. */
export async function readVersion(adminUrl: string): Promise<string | null> {
  const { version } = (await ask(adminUrl, '/server_info')) as { version?: string }
  return version?.split('/')[1] ?? null
}

/** The plugin's options in the configuration that Envoy runs; none when there is no plugin. */
export async function readOptions(adminUrl: string): Promise<Record<string, unknown>> {
  return findOptions(await ask(adminUrl, '/config_dump')) ?? {}
}

async function ask(adminUrl: string, path: string): Promise<unknown> {
  const url = new URL(path, adminUrl)
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`)
  return response.json()
}

/** Wherever the filter is (a listener, ECDS), its options are the text, or the Struct, in `configuration.value`. */
function findOptions(node: unknown): Record<string, unknown> | undefined {
  if (typeof node !== 'object' || node === null) return undefined
  const { configuration } = node as { configuration?: { value?: unknown } }
  const options = optionsIn(configuration?.value)
  if (options) return options
  for (const child of Object.values(node)) {
    const found = findOptions(child)
    if (found) return found
  }
  return undefined
}

function optionsIn(value: unknown): Record<string, unknown> | undefined {
  const said = typeof value === 'string' ? parsed(value) : value
  return typeof said === 'object' && said !== null && 'moesif_application_id' in said
    ? { ...said }
    : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
