import { Type } from 'typebox'
import { count, exact } from './shapes.ts'

/** Lines of Envoy's log, passed on by the process that started it. */
export const LoggedLines = exact(
  {
    lines: Type.Array(Type.String(), { maxItems: 2000 }),
  },
  { title: 'LoggedLines' },
)
export type LoggedLines = Type.Static<typeof LoggedLines>

export const LogLine = exact(
  {
    number: count({ description: 'Ascends; the first line that was passed on is 1' }),
    text: Type.String({ description: 'Cut after 2000 characters' }),
    plugin: Type.Boolean({ description: 'The plugin logged it' }),
  },
  { title: 'LogLine' },
)
export type LogLine = Type.Static<typeof LogLine>

export const GatewayLog = exact(
  {
    lines: Type.Array(LogLine, {
      description: 'The latest 500 of Envoy itself and 200 of the plugin',
    }),
    last: count({ description: 'Number of the last line; pass as `after` for those that follow' }),
  },
  { title: 'GatewayLog' },
)
export type GatewayLog = Type.Static<typeof GatewayLog>
