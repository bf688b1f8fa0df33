import { bufferBytes } from '../abi/buffer'
import { BufferType } from '../abi/constants'
import { Span } from '../memory/span'
import { Options } from './options'
import { parseOptions } from './parse'

const document = new Span()

/** The options of the document the host holds, or null when capturing must stay off: then an error line said why. */
export function readConfiguration(size: u32): Options | null {
  bufferBytes(BufferType.PluginConfiguration, 0, size, document)
  return parseOptions(document)
}
