import { Type } from 'typebox'
import { exact, integerOrNull, nullOr, textOrNull } from './shapes.ts'

const measures = {
  count: Type.Integer({ description: 'Events' }),
  weighted: Type.Integer({
    description: 'Exchanges that the events represent: the sum of their weights',
  }),
  clientErrors: Type.Integer({ description: 'Status 400 to 499' }),
  serverErrors: Type.Integer({ description: 'Status 500 and above' }),
  errorRate: Type.Number({ description: 'Both, divided by count' }),
  durationAvg: Type.Unsafe<number | null>({
    type: ['number', 'null'],
    description: 'Milliseconds; null when no event has a duration',
  }),
  durationP50: integerOrNull({
    description: 'Nearest rank: half of the events took at most this long',
  }),
  durationP90: integerOrNull(),
  durationP99: integerOrNull(),
  durationMax: integerOrNull(),
  bytes: Type.Integer({ description: 'Bytes of the events as JSON' }),
  firstSeenAt: integerOrNull({
    description: 'The earliest request.time (arrival of an event without one), Unix ms',
  }),
  lastSeenAt: integerOrNull({
    description: 'The latest request.time (arrival of an event without one), Unix ms',
  }),
}

/** Sums over a set of events. */
export const Measures = exact(measures, { title: 'Measures' })
export type Measures = Type.Static<typeof Measures>

export const AggregateGroup = exact(
  {
    key: textOrNull({
      description:
        'Value of the field, of one of 499 characters or more the start and `…`; null for events that have none. An event with several values (a header of both sides) is in the group of each',
    }),
    filter: Type.String({
      description: 'The condition that finds these events among those that match',
    }),
    share: Type.Number({ description: 'Its part of all events that match, 0 to 1' }),
    ...measures,
  },
  { title: 'AggregateGroup' },
)
export type AggregateGroup = Type.Static<typeof AggregateGroup>

export const AggregateSeries = exact(
  {
    key: textOrNull({ description: 'Status class, or value of the field; null for all or none' }),
    points: Type.Array(
      exact({ at: Type.Integer({ description: 'Start of the interval, Unix ms' }), ...measures }),
      { description: 'Intervals that have events, oldest first' },
    ),
  },
  { title: 'AggregateSeries' },
)
export type AggregateSeries = Type.Static<typeof AggregateSeries>

/** Events that match, in groups and over time. */
export const Aggregate = exact(
  {
    complete: Type.Boolean({ description: 'False when it stopped early: see incompleteBecause' }),
    incompleteBecause: textOrNull({
      description: 'Time or memory; the result then covers the newest events only',
    }),
    tookMs: Type.Integer(),
    total: Measures,
    groupCount: Type.Integer({ description: 'All groups, not only those below' }),
    groups: Type.Array(AggregateGroup),
    intervalMs: integerOrNull({
      description: 'Length of an interval; chosen so that there are not more than `intervals`',
    }),
    series: Type.Array(AggregateSeries),
    outside: nullOr(
      exact(
        {
          count: Type.Integer({ description: 'Events that are in no interval' }),
          filter: Type.String({ description: 'The condition that finds them' }),
        },
        {
          description:
            'Events from before 2000, or from more than a day ahead, which would leave the others in one interval; null when there are none, or no others',
        },
      ),
    ),
  },
  { title: 'Aggregate' },
)
export type Aggregate = Type.Static<typeof Aggregate>

export const SORTS = [
  'count',
  'weighted',
  'share',
  'clientErrors',
  'serverErrors',
  'errorRate',
  'durationAvg',
  'durationP50',
  'durationP90',
  'durationP99',
  'durationMax',
  'bytes',
  'firstSeenAt',
  'lastSeenAt',
  'key',
] as const
export type AggregateSort = (typeof SORTS)[number]
