/** What a mask says, written down once more and plainly, to compare the plugin's own with. */
export interface Step {
  /** Undefined: any. */
  name?: string
  index?: number
  anywhere: boolean
}

export type Path = Step[]
type Open = [path: Path, next: number]

const MASK = '*****'

export function textOf(path: Path): string {
  return `$${path.map((step) => (step.anywhere ? '..' : step.index === undefined ? '.' : '') + selector(step)).join('')}`
}

function selector(step: Step): string {
  if (step.index !== undefined) return `[${step.index}]`
  return step.name === undefined ? '*' : step.name.replaceAll(/[\\.[*]/g, String.raw`\$&`)
}

/** A value with what the paths name replaced. */
export function masked(value: unknown, paths: Path[]): unknown {
  return below(
    value,
    paths.map((path): Open => [path, 0]),
  )
}

function below(value: unknown, open: Open[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((element, index) => child(element, index, open))
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, child(member, name, open)]),
  )
}

function child(value: unknown, key: string | number, open: Open[]): unknown {
  const next: Open[] = []
  for (const [path, at] of open) {
    const step = path[at]!
    const looksThrough = typeof key === 'number' && step.name !== undefined
    if (step.anywhere || looksThrough) next.push([path, at])
    if (!fits(step, key)) continue
    if (at + 1 === path.length) return MASK
    next.push([path, at + 1])
  }
  return below(value, next)
}

function fits(step: Step, key: string | number): boolean {
  if (step.index !== undefined) return key === step.index
  if (step.name === undefined) return true
  return typeof key === 'string' && inLowerCase(key) === inLowerCase(step.name)
}

/** Of ASCII letters. */
function inLowerCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}
