import type { Evidence } from '../sentence.ts'

const MOST_LINES = 3
const TELLING = /\[(wasm|critical)\]|\[error\]/
/** Plugin, root id and VM stand in front of what a filter logs. */
const OF_FILTER = /wasm log ([^:]*): /

const vmIn = (line: string): string | undefined => OF_FILTER.exec(line)?.[1]?.split(' ').at(-1)

/** What the filter and Envoy's errors said last, where all of it is of one case. */
export function evidenceOfAll(log: readonly string[]): Evidence {
  const telling = log.filter((line) => TELLING.test(line))
  const lines = [
    ...last(telling.filter((line) => OF_FILTER.test(line))),
    ...last(telling.filter((line) => !OF_FILTER.test(line))),
  ]
  return lines.length > 0 ? { log: lines } : {}
}

/**
 * The same for one of several listeners.
 *
 * @note `Function: … failed` and other errors of Envoy do not say which VM they are of.
 * @param vmIds of all listeners: one that several have names none of them
 */
export function evidenceOfOne(
  log: readonly string[],
  vmId: string,
  vmIds: readonly string[],
): Evidence {
  if (vmIds.length === 1) return evidenceOfAll(log)
  const isSure = vmIds.filter((other) => other === vmId).length === 1
  const own = last(log.filter((line) => isSure && vmIn(line) === vmId))
  const others = new Set(vmIds.filter((other) => isSure || other !== vmId))
  const shared = last(log.filter((line) => TELLING.test(line) && !others.has(vmIn(line) ?? '')))
  return {
    ...(own.length > 0 && { log: own }),
    ...(shared.length > 0 && { envoyLog: shared }),
  }
}

/** The last ones, each once, without time and thread. */
function last(lines: readonly string[]): string[] {
  const counts = Map.groupBy(lines, (line) => line.replace(/^\[[^\]]*\]\[\d+\]/, ''))
  const once = Array.from(counts, ([line, its]) =>
    its.length > 1 ? `${its.length} times ${line}` : line,
  )
  return once.slice(-MOST_LINES)
}
