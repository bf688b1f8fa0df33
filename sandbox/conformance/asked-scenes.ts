import { UsageError } from '../user-error.ts'
import type { ConformanceArguments } from './command-line.ts'
import type { Scene } from './scene.ts'
import { isOfLevel, type Level } from './sentence.ts'
import { SCENES } from './scenes/index.ts'

type Asked = Pick<ConformanceArguments, 'level' | 'scene'>

/**
 * The scenes that the command line asks for.
 *
 * @throws UsageError when they have no sentence of its level
 */
export function askedScenes({ level, scene: names }: Asked): Scene[] {
  const asked = SCENES.filter(({ name }) => names?.includes(name) ?? true)
  if (asked.some(hasSentences(level))) return asked
  throw new UsageError(
    `${optionsFor(asked)}: no sentence is of level ${level}. Leave --level out, or choose another scene.`,
  )
}

/** @throws UsageError when they would judge nothing */
export function scenesToJudge(given: Asked): Scene[] {
  const asked = askedScenes(given)
  if (asked.filter(hasSentences(given.level)).some(({ isLast }) => !isLast)) return asked
  throw new UsageError(
    `${optionsFor(asked)}: it looks back at what other scenes logged. Choose one of them, too, or leave --scene out.`,
  )
}

const hasSentences =
  (level: Level) =>
  ({ statements }: Scene): boolean =>
    statements.some((one) => isOfLevel(one, level))

const optionsFor = (scenes: readonly Scene[]): string =>
  scenes.map(({ name }) => `--scene ${name.includes(' ') ? JSON.stringify(name) : name}`).join(' ')
