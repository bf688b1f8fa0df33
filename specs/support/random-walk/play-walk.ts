import { MoesifEmulator, type Plugin } from '#sandbox/emulated-plugin/index.ts'
import type { Step, Walk, WalkOptions } from './steps.ts'

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
  for (const [name, count] of Object.entries(emulator.metrics.toObject())) {
    if (name === 'moesif_events_captured_total') passed.captured += count
    else if (name === 'moesif_events_sent_total') passed.sent += count
    else if (name.startsWith('moesif_events_dropped_')) passed.dropped += count
  }
  return wrongIn(emulator) ?? (pending() > 0 ? `${pending()} events stay pending for good` : null)
}

function play(
  emulator: MoesifEmulator,
  plugin: Plugin,
  step: Step,
  configure: (options: WalkOptions, vmId: string) => Plugin,
): Plugin {
  if ('exchanges' in step) {
    const body = step.bytes > 0 ? { method: 'POST', body: 'x'.repeat(step.bytes) } : {}
    for (let count = 0; count < step.exchanges; count++) {
      emulator.worker(step.worker).exchange({ request: { path: '/walk', ...body } })
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

function wrongIn(emulator: MoesifEmulator): string | null {
  const [trap] = emulator.traps
  if (trap) return `${trap.callback} trapped after ${trap.lastHostCall}: ${trap.error.message}`
  const metrics = Object.entries(emulator.metrics.toObject())
  const captured = emulator.metrics.get('moesif_events_captured_total') ?? 0
  const terms = metrics.filter(([name]) =>
    /^moesif_events_(sent_total|unconfirmed_total|dropped_\w+_total|pending)$/.test(name),
  )
  const shown = terms.filter(([, value]) => value !== 0).map(([name, value]) => `${name} ${value}`)
  // A gauge below zero is read as an unsigned number.
  const isPossible = terms.every(([, value]) => value >= 0 && value <= captured)
  const sum = terms.reduce((total, [, value]) => total + value, 0)
  return isPossible && sum === captured ? null : `captured ${captured}, but ${shown.join(', ')}`
}
