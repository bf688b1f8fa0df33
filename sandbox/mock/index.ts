/** What the package offers as `moesif-envoy` and `moesif-envoy/mock`: the mock, with the plugin's own module to ask. */
export * from '#mock-moesif/index.ts'
export { moesifHandlers } from './moesif-handlers.ts'
export { startMockMoesif } from './start-mock-moesif.ts'
