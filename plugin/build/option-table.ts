import type { OptionSchema } from './option-schema.ts'

/** The AssemblyScript module with one row an option. */
export function optionTable(options: OptionSchema[]): string {
  return `// Written by plugin/build/generate.ts from plugin/config.schema.json.
import { utf8 } from '../memory/span'
import { ListKind } from './list'
import { Option, TextFormat, choice, conditions, flag, list, table, text, whole } from './option'
import { Options } from './options'

export const OPTIONS: Option[] = [
${options.map((option) => `  ${row(option)},`).join('\n')}
]
${options.flatMap(defaultBeside).join('')}`
}

/** Of an option that has a default only where another of its group is given. */
const defaultBeside = ({ name, defaultBeside: text }: OptionSchema): string[] =>
  text === undefined ? [] : [`\nexport const ${name.toUpperCase()} = utf8('${text}')\n`]

function row(option: OptionSchema): string {
  const { name, minimum, maximum, privacy } = option
  const start = [`utf8('${name}')`, `offsetof<Options>('${fieldOf(option)}')`]
  const initial = option.default ?? ''
  switch (option.type) {
    case 'boolean':
      if (initial !== false) throw new Error(`${name}: a flag is false where it is not given.`)
      return call('flag', [...start, privacy])
    case 'integer':
      return call('whole', [...start, initial, minimum, maximum, privacy])
    case 'array':
      if (option.items === 'conditions') return call('conditions', start)
      return call('list', [...start, `ListKind.${pascal(option.items ?? '')}`])
    case 'object':
      return call('table', start)
    case 'string':
  }
  if (!option.enum) return call('text', [...start, `utf8('${initial}')`, formats[option.format]])
  // Every word is followed by a blank, so that the reader needs no other end.
  const words = option.enum.map((word) => `${word} `).join('')
  return call('choice', [...start, option.enum.indexOf(String(initial)), `utf8('${words}')`])
}

const formats = {
  printable: 'TextFormat.Printable',
  words: 'TextFormat.Words',
  secret: 'TextFormat.Secret',
  'header-name': 'TextFormat.HeaderName',
}

function call(name: string, args: unknown[]): string {
  const line = `${name}(${args.join(', ')})`
  if (line.length <= 97) return line
  return `${name}(\n${args.map((arg) => `    ${arg},`).join('\n')}\n  )`
}

/** `batch_max_size` -> `batchMaxSize`; of conditions the place is kept: `skipAt` */
function fieldOf({ name, items }: OptionSchema): string {
  return `${items === 'conditions' ? `${name}_at` : name}`.replaceAll(
    /_(\w)/g,
    (_, letter: string) => letter.toUpperCase(),
  )
}

/** `body-masks` -> `BodyMasks` */
function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
}
