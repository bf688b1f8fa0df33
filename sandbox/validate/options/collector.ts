import { destinationOf } from '#sandbox/emulated-plugin/index.ts'
import { OPTIONS } from './option-schema.ts'
import { parseOptions } from './parse-options.ts'

/** Where the plugin sends with these options. */
export interface Collector {
  /** Name of the cluster. */
  cluster: string
  /** The host it names in its requests, which the collector's certificate must be for. */
  host: string
  /** Whether the options explicitly ask for plain text (`http://`). */
  isPlainText: boolean
}

/** As the built plugin answers. Undefined when it sends nothing: for a text that is no JSON object, or values that it refuses. */
export async function collectorOf(text: string, wasm: string): Promise<Collector | undefined> {
  const given = parseOptions(text)
  if (!given) return undefined
  const asked = Object.entries(given).filter(([name]) => OPTIONS[name]?.['x-destination'])
  const destination = await destinationOf(wasm, Object.fromEntries(asked))
  if (!destination) return undefined
  const { cluster, authority } = destination
  return {
    cluster,
    host: URL.canParse(`https://${authority}`)
      ? new URL(`https://${authority}`).hostname
      : authority,
    isPlainText: asked.some(([, value]) => typeof value === 'string' && /^\s*http:/.test(value)),
  }
}

/** The cluster alone; without readable options that of a plugin which is given none. */
export async function collectorClusterOf(text: string | undefined, wasm: string): Promise<string> {
  const collector = (await collectorOf(text ?? '', wasm)) ?? (await collectorOf('{}', wasm))
  return collector?.cluster ?? ''
}
