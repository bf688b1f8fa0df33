import { setTimeout as sleep } from 'node:timers/promises'
import { isOfLevel, type Sentence, type Statement, type Verdict } from './sentence.ts'
import type { Setting } from './stage/setting.ts'
import { Unobserved } from './unobserved.ts'

/** Something that happens once, and many sentences about it. */
export interface Scene {
  name: string
  statements: readonly Statement[]
  /** Looks back at all others: played when they are over. */
  isLast: boolean
  /** Never throws: what cannot be observed has not happened. */
  play: (setting: Setting) => Promise<Verdict[]>
}

/** Every wait in a scene has an end; this is for a host that hangs. */
const LONGEST_SCENE_MS = 90_000

export function defineScene<Observed>({
  name,
  sentences,
  observe,
  isLast = false,
}: {
  name: string
  isLast?: boolean
  sentences: readonly Sentence<Observed>[]
  observe: (setting: Setting) => Promise<Observed>
}): Scene {
  return {
    name,
    statements: sentences,
    isLast,
    play: async (setting) => {
      const asked = sentences.filter((sentence) => isOfLevel(sentence, setting.level))
      if (asked.length === 0) return []
      const observed = await within(observe(setting), name)
      const given = (): Observed => {
        if (observed instanceof Unobserved) throw observed
        return observed
      }
      return asked.map(({ judge, ...statement }) =>
        Object.assign(statement, judge(given), { scene: name }),
      )
    },
  }
}

async function within<Observed>(
  observing: Promise<Observed>,
  name: string,
): Promise<Observed | Unobserved> {
  const given = new AbortController()
  const tooLong = sleep(LONGEST_SCENE_MS, undefined, { signal: given.signal }).then(
    () => new Unobserved(`Scene "${name}" did not end within ${LONGEST_SCENE_MS / 1000} s`),
    () => new Unobserved(''),
  )
  try {
    return await Promise.race([observing.catch(asUnobserved), tooLong])
  } finally {
    given.abort()
  }
}

const asUnobserved = (error: unknown): Unobserved =>
  error instanceof Unobserved ? error : new Unobserved((error as Error).message)
