import { Type } from 'typebox'
import { GatewayLog, LoggedLines } from '../model/gateway-log.ts'
import { CounterSample, Gateway, GatewaySpec } from '../model/gateway.ts'
import { RequestToSend, SentRequest } from '../model/sent-request.ts'
import { count, exact, nullOr } from '../model/shapes.ts'
import { answers, ErrorAnswer, done, operations, problem } from './operation.ts'

export const gatewayOperations = operations({
  'GET /_mock/gateway': {
    id: 'getGateway',
    tag: 'gateway',
    summary: 'The gateway in front, with its current counters; null when none is configured',
    answers: { 200: answers('The gateway', nullOr(Gateway)), 400: problem },
  },
  'PUT /_mock/gateway': {
    id: 'putGateway',
    tag: 'gateway',
    summary: 'Set the gateway in front',
    body: answers('The gateway', GatewaySpec),
    answers: { 204: done, 400: problem },
  },
  'GET /_mock/gateway/history': {
    id: 'getGatewayHistory',
    tag: 'gateway',
    summary: "The plugin's counters of the last hour, read every 5 s, oldest first",
    answers: { 200: answers('The counters', Type.Array(CounterSample)), 400: problem },
  },
  'GET /_mock/gateway/log': {
    id: 'getGatewayLog',
    tag: 'gateway',
    summary: "The end of Envoy's log, if the process that started Envoy passes it on",
    query: exact({
      after: Type.Optional(count({ description: 'Lines after that number only' })),
    }),
    answers: { 200: answers('The lines', GatewayLog), 400: problem },
  },
  'POST /_mock/gateway/log': {
    id: 'addToGatewayLog',
    tag: 'gateway',
    summary: "Pass on lines of Envoy's log",
    body: answers('The lines', LoggedLines),
    answers: { 204: done, 400: problem },
  },
  'POST /_mock/gateway/requests': {
    id: 'sendRequest',
    tag: 'gateway',
    summary: 'Send a request through the gateway in front, and nowhere else',
    body: answers('The request', RequestToSend),
    answers: {
      200: answers('What the gateway answered', SentRequest),
      400: problem,
      409: answers('No gateway is configured', ErrorAnswer),
      502: answers('The gateway did not answer', ErrorAnswer),
    },
  },
})
