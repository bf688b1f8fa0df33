import { MoesifEmulator } from './moesif-emulator.ts'

/** Where a plugin sends its events. */
export interface Destination {
  /** Name of Envoy's cluster. */
  cluster: string
  /** Of its requests: host, and port where there is one. */
  authority: string
}

/** More than the age at which any Moesif filter sends what it has. */
const LONGEST_WAIT_MS = 5000

/**
 * Asks the built plugin itself where its events go: it is given one exchange, and its call is looked at. Undefined when it
 * makes none with these options.
 *
 * @param wasm a file's path or its bytes
 */
export async function destinationOf(
  wasm: string | Uint8Array,
  options: Readonly<Record<string, unknown>>,
): Promise<Destination | undefined> {
  const emulator = await MoesifEmulator.load(wasm)
  const { accepted } = emulator.configure({
    moesif_application_id: 'of-no-account',
    batch_max_size: 1,
    ...options,
  })
  if (!accepted) return undefined
  emulator.worker(0).exchange()
  emulator.advance(LONGEST_WAIT_MS)
  const [call] = emulator.callouts.calls
  return call && { cluster: call.cluster, authority: call.headers[':authority'] ?? '' }
}
