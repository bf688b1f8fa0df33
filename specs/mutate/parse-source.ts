import * as assemblyscript from 'assemblyscript'

/** A source of the plugin as AssemblyScript's own parser sees it. */
export function parseSource(text: string, file: string): assemblyscript.Source {
  const program = assemblyscript.newProgram(assemblyscript.newOptions())
  assemblyscript.parse(program, text, file, true)
  const parsed = program.sources.find(({ internalPath }) => `${internalPath}.ts` === file)
  if (!parsed) throw new Error(`AssemblyScript does not parse ${file}.`)
  return parsed
}

/** Nodes directly below one; what a node owns is among its fields. Not types and decorators; parents and ranges lead back up. */
export function* childrenOf(node: assemblyscript.Node): Generator<assemblyscript.Node> {
  for (const [field, value] of Object.entries(node)) {
    if (/^(parent|range|type|decorators|extendsType|implementsTypes|typeArguments)$/.test(field))
      continue
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child instanceof assemblyscript.Node) yield child
    }
  }
}
