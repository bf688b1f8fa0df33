export { MockMoesifClient } from './test-api/client.ts'
export {
  ApplicationClient,
  type AwaitOptions,
  type CapturedEvent,
} from './test-api/application-client.ts'
export { UnmetExpectation } from './test-api/unmet-expectation.ts'
export { MockMoesifError } from './test-api/call.ts'
export type * from './test-api/types.ts'
export type * from './test-api/moesif-event.ts'
