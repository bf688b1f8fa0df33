import { BufferType, MapType, MetricType, Status, StreamType } from '../abi/constants.ts'
import { HeaderMap } from '../abi/header-map.ts'

export interface ReadableMemory {
  view(address: number, length: number): Uint8Array
  readU32(address: number): number
}

/**
 * What the parameters of a host function mean, one word for one or two of them: `text`, `bytes` and `pairs` are an address and
 * a length, words that begin with `out` are where the host writes its answer, the others are one number.
 */
const parameters: Readonly<Record<string, string>> = {
  proxy_log: 'number text',
  proxy_set_tick_period_milliseconds: 'number',
  proxy_get_buffer_bytes: 'buffer number number outText',
  proxy_get_buffer_status: 'buffer outNumber skip',
  proxy_set_buffer_bytes: 'buffer number number bytes',
  proxy_get_header_map_pairs: 'map outPairs',
  proxy_get_header_map_size: 'map outNumber',
  proxy_get_header_map_value: 'map text outText',
  proxy_add_header_map_value: 'map text text',
  proxy_replace_header_map_value: 'map text text',
  proxy_remove_header_map_value: 'map text',
  proxy_set_header_map_pairs: 'map pairs',
  proxy_send_local_response: 'number text bytes pairs number',
  proxy_continue_stream: 'stream',
  proxy_close_stream: 'stream',
  proxy_http_call: 'text pairs bytes pairs number outNumber',
  proxy_get_shared_data: 'text outText skip',
  proxy_set_shared_data: 'text bytes number',
  proxy_register_shared_queue: 'text outNumber',
  proxy_resolve_shared_queue: 'text text outNumber',
  proxy_enqueue_shared_queue: 'number bytes',
  proxy_dequeue_shared_queue: 'number outText',
  proxy_define_metric: 'metric text outNumber',
  proxy_increment_metric: 'number number',
  proxy_record_metric: 'number number',
  proxy_get_metric: 'number outNumber',
  proxy_get_property: 'text outText',
  proxy_set_property: 'text bytes',
  proxy_call_foreign_function: 'text bytes outText',
  proxy_set_effective_context: 'number',
}

/** `"request.path"`, `RequestHeaders, "x-user"` … */
export function describeArguments(
  name: string,
  values: readonly (number | bigint)[],
  memory: ReadableMemory,
): string {
  return walk(name, values, (kind, first, second) => {
    if (kind.startsWith('out') || kind === 'skip') return null
    if (kind === 'map') return nameOf(MapType, first)
    if (kind === 'buffer') return nameOf(BufferType, first)
    if (kind === 'metric') return nameOf(MetricType, first)
    if (kind === 'stream') return nameOf(StreamType, first)
    if (kind === 'text') return quoted(read(memory, first, second))
    if (kind === 'bytes') return `${second} bytes`
    if (kind === 'pairs')
      return `${HeaderMap.decode(read(memory, first, second))?.size ?? '?'} headers`
    return String(first)
  }).join(', ')
}

/** ` = Ok "value"`, ` = NotFound`; nothing for a function without a result. */
export function describeResult(
  name: string,
  values: readonly (number | bigint)[],
  result: number | void,
  memory: ReadableMemory,
): string {
  if (result === undefined) return ''
  const status = name.startsWith('proxy_') ? nameOf(Status, result) : String(result)
  if (result !== Status.Ok) return ` = ${status}`
  const outputs = walk(name, values, (kind, first, second) => {
    if (kind === 'outNumber') return String(word(memory, first))
    if (kind !== 'outText' && kind !== 'outPairs') return null
    const bytes = read(memory, word(memory, first), word(memory, second))
    return kind === 'outText' ? quoted(bytes) : `${HeaderMap.decode(bytes)?.size ?? '?'} headers`
  })
  return [` = ${status}`, ...outputs].join(' ')
}

/** The first of two where a word stands for two. */
const pairs = new Set(['text', 'bytes', 'pairs', 'outText', 'outPairs'])

function walk(
  name: string,
  values: readonly (number | bigint)[],
  describe: (kind: string, first: number, second: number) => string | null,
): string[] {
  const kinds = parameters[name]?.split(' ') ?? values.map(() => 'number')
  const described: string[] = []
  let index = 0
  for (const kind of kinds) {
    const text = describe(kind, Number(values[index]), Number(values[index + 1]))
    if (text !== null) described.push(text)
    index += pairs.has(kind) ? 2 : 1
  }
  return described
}

function nameOf(names: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(names).find(([, number]) => number === value)?.[0] ?? String(value)
}

/** What a module points to need not be there: then it reads as nothing. */
function read(memory: ReadableMemory, address: number, length: number): Uint8Array {
  try {
    return memory.view(address, length).slice()
  } catch {
    return new Uint8Array(0)
  }
}

function word(memory: ReadableMemory, address: number): number {
  try {
    return memory.readU32(address)
  } catch {
    return 0
  }
}

const shownLength = 80

function quoted(bytes: Uint8Array): string {
  // Segments of a property's path are parted by NUL.
  const text = Buffer.from(bytes.subarray(0, shownLength)).toString().replaceAll('\0', '.')
  return JSON.stringify(text) + (bytes.length > shownLength ? '…' : '')
}
