import { sentenceAbout, type About } from '../about.ts'
import { defineScene } from '../scene.ts'
import type { LoggedLine, Setting } from '../stage/setting.ts'
import { promise } from '../sources.ts'

const IN_LOGS = promise('privacy', 'In logs and metrics')

interface Observed {
  /** What the filter wrote. */
  own: LoggedLine[]
  /** Everything that Envoy wrote. */
  all: LoggedLine[]
  ids: string[]
}

/** Texts of users in the exchanges of all scenes, all of this form. */
const PAYLOAD = /\w+-secret-text/
const TRAP = /Function: \w+ failed|wasm (trap|function)|RuntimeError|panicked at/i
/** Of an application id the last four characters may be shown. */
const IDENTIFYING = 12

const linesOf = (lines: readonly LoggedLine[]): string[] =>
  lines.slice(0, 3).map(({ scene, line }) => `${scene}: ${line}`)
const withId = ({ own, ids }: Observed) =>
  own.filter(({ line }) => ids.some((id) => line.includes(id.slice(0, IDENTIFYING))))
const withPayload = ({ own }: Observed) => own.filter(({ line }) => PAYLOAD.test(line))
const traps = ({ all }: Observed) => all.filter(({ line }) => TRAP.test(line))

const ABOUT: (About<Observed> & { lines: (observed: Observed) => LoggedLine[] })[] = [
  {
    id: 'log-no-application-id',
    says: 'The application id is in no line of the log',
    source: IN_LOGS,
    lines: withId,
    look: (observed) => ({ lines: withId(observed).length }),
    expected: { lines: 0 },
  },
  {
    id: 'log-no-payload',
    says: 'No header, body or URI of a user is in the log, not with debug either',
    source: IN_LOGS,
    lines: withPayload,
    look: (observed) => ({ lines: withPayload(observed).length }),
    expected: { lines: 0 },
  },
  {
    id: 'log-no-trap',
    group: 'robustness',
    says: 'No callback of the filter fails in any scene',
    source: promise('migrating', 'Different behaviour'),
    lines: traps,
    look: (observed) => ({ lines: traps(observed).length }),
    expected: { lines: 0 },
  },
]

/** What was logged in all scenes before: played last. */
export const logs = defineScene<Observed>({
  name: 'logs',
  isLast: true,
  sentences: ABOUT.map(({ lines, ...about }) =>
    sentenceAbout(
      { group: 'privacy', level: 'drop-in', ...about },
      (observed: Observed) => observed,
      (observed) => ({ log: linesOf(lines(observed)) }),
    ),
  ),
  observe: async ({ log, applicationIds }: Setting) => ({
    all: log,
    own: log.filter(({ line }) => line.includes('wasm log')),
    ids: [...applicationIds].map((id) => id.slice(-36)),
  }),
})
