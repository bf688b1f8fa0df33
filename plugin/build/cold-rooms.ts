import binaryen from 'assemblyscript/binaryen'
import { Transform } from 'assemblyscript/transform'

/** What runs once a configuration, a document or a batch, calls the host, or is only there for who asks for it. */
const COLD = [
  'abi',
  'codec/percent',
  'codec/sha256',
  'conditions',
  'config',
  'contexts/governing',
  'contexts/roots',
  'decision',
  'delivery',
  'documents',
  'inflate',
  'json/read',
  'json/walk',
  'memory/byte-buffer',
  'memory/store',
  'regex',
  'sources',
  'text',
]

const ACCESSOR = /#[gs]et:/

/**
 * A transform of the AssemblyScript compiler: cold functions stay out of those that call them. The highest level of optimization
 * inlines whatever is small, for the sake of the hot path; of all the rest that made a seventh of the module.
 *
 * @note accessors of fields stay as they are: they are smaller than calls of them, and the compiler makes one function of all that
 * read or write at the same offset, whose mark would keep the hot ones from being inlined, too.
 */
export default class ColdRooms extends Transform {
  afterCompile(module: binaryen.Module): void {
    for (let index = 0; index < module.getNumFunctions(); index++) {
      const { name } = binaryen.getFunctionInfo(module.getFunctionByIndex(index))
      if (ACCESSOR.test(name)) continue
      if (!COLD.some((room) => name.startsWith(`plugin/assembly/${room}/`))) continue
      binaryen.setPassArgument('no-inline', name)
      module.runPasses(['no-inline'])
    }
  }
}
