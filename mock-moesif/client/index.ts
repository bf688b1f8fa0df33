export { MockMoesifClient } from './mock-moesif-client.ts'
export { ApplicationClient, type CapturedEvent } from './application-client.ts'
export type { AwaitOptions } from './await-options.ts'
export type { ConfigClient, RulesClient, Whom } from './documents.ts'
export { UnmetExpectation } from './unmet-expectation.ts'
export {
  MockMoesifError,
  overHttp,
  type Answered,
  type Outgoing,
  type Transport,
} from './transport.ts'
export type { AnswerOf, OperationName, QueryOf } from '../contract/index.ts'
export type { Application } from '../contract/applications.ts'
export type { AwaitAnswer, NearMiss } from '../contract/events.ts'
export type { Forward, ForwardSpec } from '../model/forward.ts'
export type { GatewayLog, LogLine } from '../model/gateway-log.ts'
export type { CounterSample, Gateway, GatewaySpec } from '../model/gateway.ts'
export type { RequestToSend, SentRequest } from '../model/sent-request.ts'
export type { Page } from '../model/page.ts'
export { STREAM_MESSAGE_NAMES } from '../contract/stream-message-names.ts'
export { balance, droppedInAll, eventSums, type EventSums } from '../model/event-sums.ts'
export type { StreamMessages } from '../contract/stream-messages.ts'
export type { VerifyAnswer, VerifySpec } from '../contract/verify.ts'
export type { Aggregate, AggregateGroup, AggregateSeries, Measures } from '../model/aggregate.ts'
export type {
  BatchRecord,
  BatchSummary,
  Forwarded,
  RequestAnswer,
  RequestRecord,
  RequestSummary,
} from '../model/arrival.ts'
export type { Counts } from '../model/counts.ts'
export type { ConfigDocument, Rule, RulesDocument } from '../model/documents.ts'
export type { Entity, EntityKind } from '../model/entity.ts'
export type { EventRecord, EventSummary, Finding, Verdict } from '../model/event.ts'
export type { Fault, FaultSpec } from '../model/fault.ts'
export type { TryAnswer, TrySpec } from '../model/try-it.ts'
export type { TypeChange } from '../model/type-change.ts'
export type { MoesifEvent, MoesifRequest, MoesifResponse } from '../model/moesif-event.ts'
