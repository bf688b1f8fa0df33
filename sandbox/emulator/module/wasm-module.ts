import { BinaryReader } from './binary-reader.ts'

interface ImportedItem {
  module: string
  name: string
  /** `iii:i` for a function, else the kind: `table`, `memory`, `global`, `tag`. */
  type: string
}

interface ExportedItem {
  name: string
  type: string
}

/** What a .wasm says about itself; `WebAssembly.Module.imports` has names but no signatures. */
export interface WasmModule {
  size: number
  imports: ImportedItem[]
  exports: ExportedItem[]
  /** A start section runs inside instantiation, before any context exists: host calls there are unsafe. */
  hasStartSection: boolean
  customSections: string[]
}

const kinds = ['func', 'table', 'memory', 'global', 'tag']
const valueTypes = new Map([
  [0x7f, 'i'],
  [0x7e, 'I'],
  [0x7d, 'f'],
  [0x7c, 'F'],
  [0x7b, 'v'],
])

/** Lists imports and exports with their signatures. Throws when the bytes are no WebAssembly module. */
export function readWasmModule(bytes: Uint8Array): WasmModule {
  const reader = new BinaryReader(bytes)
  if (bytes.length < 8 || reader.u32le() !== 0x6d736100 || reader.u32le() !== 1) {
    throw new Error('Not a WebAssembly module (it does not begin with \\0asm and version 1).')
  }
  const module: WasmModule = {
    size: bytes.length,
    imports: [],
    exports: [],
    hasStartSection: false,
    customSections: [],
  }
  const types: string[] = []
  const functions: string[] = []
  while (!reader.atEnd) {
    const id = reader.byte()
    const section = reader.sub(reader.varuint())
    if (id === 0) module.customSections.push(section.name())
    else if (id === 1) section.repeat(() => types.push(readFunctionType(section)))
    else if (id === 2) section.repeat(() => module.imports.push(readImport(section, types)))
    else if (id === 3) {
      for (const item of module.imports) if (item.type.includes(':')) functions.push(item.type)
      section.repeat(() => functions.push(types[section.varuint()] ?? '?'))
    } else if (id === 7) section.repeat(() => module.exports.push(readExport(section, functions)))
    else if (id === 8) module.hasStartSection = true
  }
  return module
}

function readFunctionType(reader: BinaryReader): string {
  const form = reader.byte()
  if (form !== 0x60) throw new Error(`Type section: form 0x${form.toString(16)} is not a function.`)
  const list = () => {
    let text = ''
    reader.repeat(() => (text += valueTypes.get(reader.byte()) ?? '?'))
    return text
  }
  return `${list()}:${list()}`
}

function readImport(reader: BinaryReader, types: string[]): ImportedItem {
  const module = reader.name()
  const name = reader.name()
  const kind = reader.byte()
  if (kind === 0) return { module, name, type: types[reader.varuint()] ?? '?' }
  if (kind === 1) reader.byte()
  if (kind === 1 || kind === 2) skipLimits(reader)
  if (kind === 3) reader.skip(2)
  if (kind === 4) {
    reader.byte()
    reader.varuint()
  }
  return { module, name, type: kinds[kind] ?? '?' }
}

function skipLimits(reader: BinaryReader): void {
  const hasMaximum = reader.byte() & 1
  reader.varuint()
  if (hasMaximum) reader.varuint()
}

function readExport(reader: BinaryReader, functions: string[]): ExportedItem {
  const name = reader.name()
  const kind = reader.byte()
  const index = reader.varuint()
  return { name, type: kind === 0 ? (functions[index] ?? '?') : (kinds[kind] ?? '?') }
}
