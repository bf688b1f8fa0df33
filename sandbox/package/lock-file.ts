/** What package-lock.json (version 3) says of one installed package. */
interface LockedPackage {
  version?: string
  license?: string
  integrity?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

export type LockedPackages = Record<string, LockedPackage>

/** Paths (`node_modules/…`) of the packages that those at `roots` need, themselves included. */
export function closure(packages: LockedPackages, roots: readonly string[]): string[] {
  const found = new Set<string>()
  const visit = (path: string): void => {
    if (found.has(path)) return
    found.add(path)
    for (const dependency of dependenciesOf(packages, path)) visit(dependency)
  }
  for (const root of roots) visit(root)
  return [...found].toSorted()
}

/** Paths of the direct dependencies of a package; optional ones that are not locked are left out. */
export function dependenciesOf(packages: LockedPackages, path: string): string[] {
  const { dependencies, optionalDependencies } = packages[path] ?? {}
  return Object.keys({ ...dependencies, ...optionalDependencies })
    .map((name) => resolve(packages, path, name))
    .filter((found) => found !== undefined)
}

/** As Node looks for a package: in each node_modules from the package that asks upwards. */
function resolve(packages: LockedPackages, from: string, name: string): string | undefined {
  const segments = from === '' ? [] : from.split(/(?:^|\/)node_modules\//).slice(1)
  for (let depth = segments.length; depth >= 0; depth--) {
    const above = segments.slice(0, depth).map((segment) => `node_modules/${segment}`)
    const path = [...above, `node_modules/${name}`].join('/')
    if (path in packages) return path
  }
  return undefined
}

/** `@scope/name` of `node_modules/a/node_modules/@scope/name`. */
export const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? path
