import type { CDPSession } from 'playwright'

/** The figures of Chromium's own trace that show whether the page is smooth. */
export interface TraceFigures {
  /** Of one task of the page's main thread: script, style, layout and paint of a frame are one. */
  longestCpuMs: number
  /** The same by the clock: what other processes took is in it. */
  longestWallMs: number
  /** Tasks of more than 50 ms of CPU. */
  overBudget: number
  frames: number
}

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** Microseconds by the clock, and of CPU. */
  dur?: number
  tdur?: number
  args?: { name?: string }
}

const budgetMs = 50
const categories = [
  'toplevel',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
]

export async function startTrace(session: CDPSession): Promise<{ stop(): Promise<TraceFigures> }> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: object[] }) => void events.push(...(value as TraceEvent[]))
  session.on('Tracing.dataCollected', collect)
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories, recordMode: 'recordContinuously' },
  })
  return {
    async stop() {
      const complete = new Promise<void>((resolve) =>
        session.once('Tracing.tracingComplete', () => resolve()),
      )
      await session.send('Tracing.end')
      await complete
      session.off('Tracing.dataCollected', collect)
      return figures(events)
    },
  }
}

function figures(events: TraceEvent[]): TraceFigures {
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const tasks = events.filter(
    ({ name, pid, tid }) =>
      /^(?:RunTask|ThreadControllerImpl::RunTask)$/.test(name) && mains.has(`${pid} ${tid}`),
  )
  if (tasks.length === 0)
    throw new Error('The trace holds no task of the page: are its categories still named so?')
  const cpu = tasks.map(({ tdur, dur }) => (tdur ?? dur ?? 0) / 1000)
  return {
    longestCpuMs: cpu.reduce((most, ms) => Math.max(most, ms), 0),
    longestWallMs: tasks.reduce((most, { dur }) => Math.max(most, (dur ?? 0) / 1000), 0),
    overBudget: cpu.filter((ms) => ms > budgetMs).length,
    frames: events.filter(({ name }) => name === 'DrawFrame').length,
  }
}
