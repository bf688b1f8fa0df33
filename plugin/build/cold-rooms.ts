import binaryen from 'assemblyscript/binaryen'
import { Transform } from 'assemblyscript/transform'

/** What runs once a configuration, a document or a batch, calls the host, or is only there for who asks for it. */
const COLD = [
  'abi',
  'codec',
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

/**
 * A transform of the AssemblyScript compiler: cold functions stay out of those that call them. The highest level of optimization
 * inlines whatever is small, for the sake of the hot path; of all the rest that made a seventh of the module.
 */
export default class ColdRooms extends Transform {
  afterCompile(module: { runPasses: (passes: string[]) => void }): void {
    for (const room of COLD) {
      binaryen.setPassArgument('no-inline', `plugin/assembly/${room}/*`)
      module.runPasses(['no-inline'])
    }
  }
}
