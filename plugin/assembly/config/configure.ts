import { bufferBytes } from '../abi/buffer'
import { BufferType } from '../abi/constants'
import { Span } from '../memory/span'
import { Options } from './options'
import { parseOptions } from './parse'
import { report } from './report'

const document = new Span()

/** The options of the document the host holds, or null when capturing must stay off; an error line has been logged then. */
export function readConfiguration(size: u32): Options | null {
  bufferBytes(BufferType.PluginConfiguration, 0, size, document)
  return parseOptions(document)
}

/** Starts the words of an error in the document that was read in this callback, found only now. */
export function beginConfigurationError(at: usize): void {
  report.beginDocument(document)
  report.beginError(at)
}

export function endConfigurationError(): void {
  report.end()
}
