interface ListenerStatus {
  name: string
  local_address: { socket_address?: { port_value: number }; pipe?: { path: string } }
}

/** Envoy's admin interface, as far as the sandbox needs it. */
export class EnvoyAdmin {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  async get(path: string): Promise<string> {
    return this.#request('GET', path)
  }

  async post(path: string): Promise<string> {
    return this.#request('POST', path)
  }

  /** Counters and gauges whose name matches, by name. */
  async stats(filter?: RegExp): Promise<Record<string, number>> {
    const query = filter ? `&filter=${encodeURIComponent(filter.source)}` : ''
    const text = await this.get(`/stats?format=json${query}`)
    const { stats } = JSON.parse(text) as { stats: { name?: string; value?: unknown }[] }
    const entries = stats.flatMap(({ name, value }) =>
      name !== undefined && typeof value === 'number' ? [[name, value] as const] : [],
    )
    return Object.fromEntries(entries)
  }

  /** The plugin's own metrics, by the name the plugin gave them. */
  async pluginMetrics(): Promise<Record<string, number>> {
    const stats = await this.stats(/^wasmcustom\.moesif/)
    return Object.fromEntries(
      Object.entries(stats).map(([name, value]) => [name.replace(/^wasmcustom\./, ''), value]),
    )
  }

  /** Everything Envoy runs with, as its own JSON. */
  async configDump(): Promise<unknown> {
    return JSON.parse(await this.get('/config_dump'))
  }

  /** Port of each listener, by name; 0 where it has none. */
  async listenerPorts(): Promise<Record<string, number>> {
    const listeners = await this.#listeners()
    return Object.fromEntries(
      listeners.map(({ name, local_address }) => [
        name,
        local_address.socket_address?.port_value ?? 0,
      ]),
    )
  }

  /** Path of each listener on a Unix socket, by name. */
  async unixSockets(): Promise<Record<string, string>> {
    const listeners = await this.#listeners()
    return Object.fromEntries(
      listeners.flatMap(({ name, local_address: { pipe } }) => (pipe ? [[name, pipe.path]] : [])),
    )
  }

  async #listeners(): Promise<ListenerStatus[]> {
    const answer = JSON.parse(await this.get('/listeners?format=json')) as {
      listener_statuses?: ListenerStatus[]
    }
    return answer.listener_statuses ?? []
  }

  /** `1.40.0` */
  async version(): Promise<string> {
    const { version } = JSON.parse(await this.get('/server_info')) as { version: string }
    return version.split('/')[1] ?? version
  }

  async ready(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/ready`, { signal: AbortSignal.timeout(1_000) })).ok
    } catch {
      return false
    }
  }

  async #request(method: string, path: string): Promise<string> {
    const response = await fetch(this.url + path, {
      method,
      signal: AbortSignal.timeout(10_000),
    })
    const text = await response.text()
    if (!response.ok) {
      throw new Error(`Envoy's admin answered ${response.status} to ${method} ${path}: ${text}`)
    }
    return text
  }
}
