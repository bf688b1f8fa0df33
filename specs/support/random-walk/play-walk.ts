import {
  HeaderMap,
  MoesifEmulator,
  type Plugin,
  type Stream,
} from '#sandbox/emulated-plugin/index.ts'
import { balance, droppedInAll, eventSums } from '#mock-moesif/model/event-sums.ts'
import { LARGEST_BODY, type Step, type Walk, type WalkOptions } from './steps.ts'

/** Moesif's answer to everything that a walk left open, so that all is over in the end. */
const GOOD = { status: 201 }
/** Longer than any option of a walk keeps an event. */
const UNTIL_ALL_IS_OVER_MS = 1_300_000

/** How many events there were, and what became of them: a walk without any shows nothing. */
export interface Passed {
  captured: number
  sent: number
  dropped: number
}

/**
 * Plays a walk and looks after each step: `captured = sent + unconfirmed + dropped + pending` in every term from 0 up, no trap;
 * in the end nothing is pending.
 *
 * @param passed is added to
 * @returns what is wrong, or null
 */
export async function playWalk(
  wasm: Uint8Array | string,
  { options, steps }: Walk,
  passed: Passed = { captured: 0, sent: 0, dropped: 0 },
): Promise<string | null> {
  const emulator = await MoesifEmulator.load(wasm, {
    workers: 2,
    random: (bytes) => void bytes.fill(0x7f),
  })
  const configure = (document: WalkOptions, vmId: string) =>
    emulator.configure({ moesif_application_id: 'a-random-walk', ...document }, { vmId })
  let plugin = configure(options, 'one')
  for (const [index, step] of steps.entries()) {
    plugin = play(emulator, plugin, step, configure)
    const wrong = wrongIn(emulator)
    if (wrong) return `after step ${index + 1} (${JSON.stringify(step)}): ${wrong}`
  }
  emulator.collector.answerAlways(GOOD)
  const pending = () => emulator.metrics.get('moesif_events_pending') ?? 0
  for (let waited = 0; pending() > 0 && waited < UNTIL_ALL_IS_OVER_MS; waited += 5000) {
    emulator.advance(5000)
  }
  const sums = eventSums(emulator.metrics.toObject())
  passed.captured += sums.captured
  passed.sent += sums.sent
  passed.dropped += droppedInAll(sums)
  return wrongIn(emulator) ?? (pending() > 0 ? `${pending()} events stay pending for good` : null)
}

function play(
  emulator: MoesifEmulator,
  plugin: Plugin,
  step: Step,
  configure: (options: WalkOptions, vmId: string) => Plugin,
): Plugin {
  if ('exchanges' in step) {
    for (let count = 0; count < step.exchanges; count++) {
      exchange(emulator.worker(step.worker).stream(), step.bytes)
    }
  } else if ('advance' in step) emulator.advance(step.advance)
  else if ('answerNext' in step) emulator.collector.answerNext(...step.answerNext)
  else if ('answerAlways' in step) emulator.collector.answerAlways(step.answerAlways)
  else if ('jump' in step) emulator.clock.set(emulator.clock.now + step.jump)
  else {
    const next = configure(step.configure, step.vmId)
    if (next !== plugin) plugin.remove()
    return next
  }
  return plugin
}

const REQUEST = { ':authority': 'api.example.com', ':path': '/walk', ':scheme': 'http' }
const GET = HeaderMap.from({ ...REQUEST, ':method': 'GET' })
const POST = HeaderMap.from({ ...REQUEST, ':method': 'POST' })
const RESPONSE = HeaderMap.from({ ':status': '200' })
const BODY = Buffer.alloc(LARGEST_BODY, 'x')

/** The callbacks that make an event, with headers that are made once: a walk has thousands of exchanges. */
function exchange(stream: Stream, bytes: number): void {
  stream.requestHeaders(bytes > 0 ? POST : GET, { endOfStream: bytes === 0 })
  if (bytes > 0) stream.requestBody(BODY.subarray(0, bytes), { endOfStream: true })
  stream.responseHeaders(RESPONSE, { endOfStream: true })
  stream.end()
}

function wrongIn(emulator: MoesifEmulator): string | null {
  const [trap] = emulator.traps
  if (trap) return `${trap.callback} trapped after ${trap.lastHostCall}: ${trap.error.message}`
  const sums = eventSums(emulator.metrics.toObject())
  const { dropped, ...others } = sums
  const areNegative = Object.values({ ...others, ...dropped }).some((count) => count < 0)
  return balance(sums) === 0 && !areNegative ? null : `wrong sums: ${JSON.stringify(sums)}`
}
