import * as assemblyscript from 'assemblyscript'

/** The compiler's kinds of nodes. Its types declare them a `const enum`, which is not there at run time; the object is. */
export const nodeKind = (
  assemblyscript as unknown as {
    NodeKind: Record<
      | 'Binary'
      | 'Literal'
      | 'True'
      | 'False'
      | 'UnaryPrefix'
      | 'If'
      | 'Expression'
      | 'Identifier'
      | 'NamedType'
      | 'FunctionType'
      | 'Import'
      | 'ImportDeclaration'
      | 'Export'
      | 'Decorator',
      number
    >
  }
).NodeKind

/** The same of flags. */
export const nodeFlag = (
  assemblyscript as unknown as { CommonFlags: Record<'Get', assemblyscript.CommonFlags> }
).CommonFlags
