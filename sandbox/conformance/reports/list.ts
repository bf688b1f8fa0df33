import { GROUPS, isOfLevel, type Level } from '../sentence.ts'
import { citation } from './rules.ts'
import type { Scene } from '../scene.ts'

/** Every sentence with its id, level, scene and source, by group. */
export function listOfSentences(scenes: readonly Scene[], level: Level): string {
  const all = scenes.flatMap(({ name, statements }) =>
    statements
      .filter((statement) => isOfLevel(statement, level))
      .map((statement) => ({ statement, scene: name })),
  )
  const groups = GROUPS.flatMap((group) => {
    const its = all.filter(({ statement }) => statement.group === group)
    if (its.length === 0) return []
    const lines = its.map(
      ({ scene, statement: { id, level: of, says, source } }) =>
        `  ${says}\n    ${id}, level ${of}, scene ${scene}\n    ${citation(source)}\n`,
    )
    return [`${group} (${its.length})\n${lines.join('')}`]
  })
  return `${groups.join('\n')}\n${all.length} ${all.length === 1 ? 'sentence' : 'sentences'}\n`
}
