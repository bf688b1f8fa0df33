/**
 * The exports `moesif-envoy` and `moesif-envoy/mock` of the npm package: the mock, with the plugin's own module for `tryIt` and the
 * check of expressions.
 */
export * from '#mock-moesif/index.ts'
export { moesifHandlers } from './moesif-handlers.ts'
export { startMockMoesif } from './start-mock-moesif.ts'
