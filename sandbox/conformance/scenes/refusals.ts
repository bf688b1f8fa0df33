import { sentenceAbout, type About } from '../about.ts'
import { that } from '../expectation.ts'
import { defineScene } from '../scene.ts'
import { isOfLevel, type Level, type Statement } from '../sentence.ts'
import type { Setting } from '../stage/setting.ts'
import { promise } from '../sources.ts'
import { Stage } from '../stage/stage.ts'

const MISTAKE = promise('configuration', 'What a mistake does')

interface Outcome {
  /** What Envoy said when it did not take the configuration. */
  refusal: string | undefined
  /** Of a request afterwards. */
  status: number
  /** Lines that the filter logged about it. */
  log: string[]
}

interface Mistake {
  /** The options document as it is. */
  document: (applicationId: string) => string
  sentences: readonly (About<Outcome> & Partial<Pick<Statement, 'level'>>)[]
}

const flows = (id: string, what: string): About<Outcome> => ({
  id: `mistake-${id}`,
  says: `Envoy takes a configuration ${what}, and traffic flows`,
  source: MISTAKE,
  look: ({ refusal, status }) => ({ envoySaid: refusal ?? 'nothing', status }),
  expected: { envoySaid: 'nothing', status: 200 },
})

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'no-json': {
    document: (id) => `{"moesif_application_id": "${id}"`,
    sentences: [flows('no-json', 'that is not JSON')],
  },
  empty: { document: () => '', sentences: [flows('empty', 'that is empty')] },
  'no-id': {
    document: () => '{"batch_max_size": 10}',
    sentences: [flows('no-id', 'without an application id')],
  },
  'wrong-type': {
    document: (id) => JSON.stringify({ moesif_application_id: id, batch_max_size: 'many' }),
    sentences: [
      flows('wrong-type', 'with a text in the place of a number'),
      {
        id: 'mistake-named',
        level: 'full',
        says: 'One line at level error names the option that is wrong, and what is expected',
        source: MISTAKE,
        look: ({ log }) => log.filter((line) => /\[error\].*batch_max_size.*expected/.test(line)),
        expected: that(
          'a line at level error with batch_max_size',
          (value: string[]) => value.length > 0,
        ),
      },
    ],
  },
  'mistyped-mask': {
    document: (id) => JSON.stringify({ moesif_application_id: id, request_header_mask: ['x'] }),
    sentences: [
      {
        id: 'mistake-mistyped-mask',
        group: 'privacy',
        level: 'full',
        says: 'A mistyped mask turns capturing off, rather than send what was to be hidden',
        source: MISTAKE,
        look: ({ log }) => log.filter((line) => /\[error\].*request_header_mask/.test(line)),
        expected: that(
          'a line at level error that names it',
          (value: string[]) => value.length > 0,
        ),
      },
    ],
  },
}

const DEFAULTS = { group: 'configuration', level: 'drop-in' } as const

/** Configurations with a mistake, one after the other, as updates of a running Envoy. */
export const refusals = defineScene<ReadonlyMap<string, Outcome>>({
  name: 'mistakes',
  sentences: Object.entries(MISTAKES).flatMap(([key, { sentences }]) =>
    sentences.map((about) =>
      sentenceAbout(
        { ...DEFAULTS, ...about },
        (observed: ReadonlyMap<string, Outcome>) => observed.get(key)!,
        ({ log }) => (log.length > 0 ? { log: log.slice(-3) } : {}),
      ),
    ),
  ),
  observe: async (setting: Setting) => {
    await using stage = await Stage.start(
      setting,
      'mistakes',
      { mistakes: {} },
      { updatable: true, drainStrategy: 'immediate' },
    )
    const outcomes = new Map<string, Outcome>()
    for (const [key, mistake] of Object.entries(MISTAKES)) {
      if (!mistake.sentences.some((about) => isOfLevel(levelOf(about), setting.level))) continue
      outcomes.set(key, await outcomeOf(key, mistake, stage))
    }
    return outcomes
  },
})

const levelOf = (about: { level?: Level }) => ({ ...DEFAULTS, ...about }) as Statement

async function outcomeOf(key: string, mistake: Mistake, stage: Stage): Promise<Outcome> {
  const listener = stage.listener('mistakes')
  const from = stage.envoy.logs().length
  let refusal: string | undefined
  try {
    await stage.update({ mistakes: { options: mistake.document(listener.application.id) } })
  } catch (error) {
    refusal = (error as Error).message.replace(/\[.*rejected: /, '')
  }
  const { status } = await listener.send({ name: key })
  const log = stage.envoy
    .logs()
    .slice(from)
    .filter((line) => /\[wasm\]/.test(line) && !line.includes('Deprecated'))
  return { refusal, status, log }
}
