import { Gateway, GatewaySpec } from '../model/gateway.ts'
import { RequestToSend, SentRequest } from '../model/sent-request.ts'
import { nullOr } from '../model/shapes.ts'
import { answers, done, operations, problem } from './operation.ts'

export const gatewayOperations = operations({
  'GET /_mock/gateway': {
    id: 'getGateway',
    tag: 'gateway',
    summary: 'The gateway in front, with its counters as of now; null when nobody told of one',
    answers: { 200: answers('The gateway', nullOr(Gateway)), 400: problem },
  },
  'PUT /_mock/gateway': {
    id: 'putGateway',
    tag: 'gateway',
    summary: 'Tell of the gateway in front',
    body: answers('The gateway', GatewaySpec),
    answers: { 204: done, 400: problem },
  },
  'POST /_mock/gateway/requests': {
    id: 'sendRequest',
    tag: 'gateway',
    summary: 'Send a request through the gateway in front, and to nobody else',
    body: answers('The request', RequestToSend),
    answers: {
      200: answers('What the gateway answered', SentRequest),
      400: problem,
      409: { description: 'Nobody told of a gateway' },
      502: { description: 'The gateway did not answer' },
    },
  },
})
