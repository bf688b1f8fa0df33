import { existsSync } from 'node:fs'
import path from 'node:path'
import binaryen from 'assemblyscript/binaryen'
import { Transform } from 'assemblyscript/transform'

/** What runs once per configuration, document or batch, calls the host, or belongs to an optional feature. */
const COLD = [
  'abi',
  'codec/percent',
  'codec/sha256',
  'collector',
  'conditions',
  'config',
  'contexts/governing',
  'contexts/read-skip-rules',
  'contexts/roots',
  'decision',
  'delivery',
  'documents',
  'inflate',
  'json/find',
  'json/json-check',
  'json/read',
  'json/walk',
  'masks/parse-body-mask',
  'masks/parse-header-rule',
  'memory/byte-buffer',
  'memory/store',
  'regex',
  'sources',
  'text',
]

const ASSEMBLY = path.resolve(import.meta.dirname, '../assembly')
for (const room of COLD)
  if (!existsSync(path.join(ASSEMBLY, room)) && !existsSync(path.join(ASSEMBLY, `${room}.ts`)))
    throw new Error(
      `plugin/assembly/${room} is listed in plugin/build/cold-rooms.ts and does not exist.`,
    )

const ACCESSOR = /#[gs]et:/

const isCold = (name: string) =>
  !ACCESSOR.test(name) && COLD.some((room) => name.startsWith(`plugin/assembly/${room}/`))

/**
 * A transform of the AssemblyScript compiler: cold functions stay out of those that call them. The highest level of optimization
 * inlines whatever is small, for the hot path; elsewhere inlining added a seventh to the module's size.
 *
 * @note accessors of fields stay as they are: they are smaller than calls of them, and the compiler makes one function of all that
 * read or write at the same offset, whose mark would keep the hot ones from being inlined, too. So does what one cold function
 * calls in one place: inlined, it is smaller.
 */
export default class ColdRooms extends Transform {
  afterCompile(module: binaryen.Module): void {
    const callers = callersOf(module.emitText())
    for (const [name, from] of callers) {
      const [caller] = from
      if (!isCold(name) || (from.length === 1 && caller !== undefined && isCold(caller))) continue
      binaryen.setPassArgument('no-inline', name)
      module.runPasses(['no-inline'])
    }
  }
}

/** Of each function, in the module's text: the functions that call it, one for each place. */
function callersOf(text: string): Map<string, string[]> {
  const callers = new Map<string, string[]>()
  const of = (name: string) => {
    const known = callers.get(name) ?? []
    callers.set(name, known)
    return known
  }
  let current = ''
  for (const [, defined, called] of text.matchAll(/\(func \$([^\s)]+)|\(call \$([^\s)]+)/g)) {
    if (called !== undefined) of(called).push(current)
    else if (defined !== undefined) {
      current = defined
      of(current)
    }
  }
  return callers
}
