import { Type } from 'typebox'
import { exact } from './shapes.ts'

/** Where stored batches are passed on to. */
export const ForwardSpec = exact(
  {
    url: Type.String({
      format: 'http-url',
      pattern: '^https?://[^/?#]',
      description: 'Base URL of the other collector, e.g. https://api.moesif.net',
    }),
    forwardAs: Type.String({
      minLength: 1,
      pattern: '^[\\x21-\\x7e]+$',
      description: 'The application id to send there',
    }),
  },
  { title: 'ForwardSpec' },
)
export type ForwardSpec = Type.Static<typeof ForwardSpec>

/** A forwarding that is set. */
export const Forward = exact(
  {
    applicationId: Type.String({ description: '* for all that have none of their own' }),
    url: Type.String(),
    forwardAs: Type.String(),
  },
  { title: 'Forward' },
)
export type Forward = Type.Static<typeof Forward>
