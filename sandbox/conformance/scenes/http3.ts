import type { CapturedEvent } from '#mock-moesif/index.ts'
import { sentenceAbout, type About } from '../about.ts'
import { defineScene } from '../scene.ts'
import type { Evidence } from '../sentence.ts'
import { AS_WITHOUT_FILTER, promise } from '../sources.ts'
import type { Answer } from '../stage/exchange.ts'
import { freeUdpPort, http3Cluster, http3Files, http3Listener } from '../stage/http3-listener.ts'
import { selfSigned } from '../stage/self-signed.ts'
import { Stage } from '../stage/stage.ts'

interface Observed {
  answer: Answer
  events: CapturedEvent[]
  logged: Evidence
}

const about = (one: About<Observed>) =>
  sentenceAbout(
    { group: 'request', level: 'drop-in', ...one },
    (observed: Observed) => observed,
    ({ events: [first], logged }) => (first ? { event: first.event } : logged),
  )

const NAME = 'over-http3'
const HEADERS = [['content-type', 'application/json']] as const

/**
 * An exchange over HTTP/3. Node has no client that speaks it: a listener without a filter, in the same Envoy, takes HTTP/1.1 and
 * passes it on over HTTP/3 to the listener that has the filter.
 */
export const http3 = defineScene<Observed>({
  name: 'http3',
  sentences: [
    about({
      id: 'http3-passes',
      group: 'robustness',
      says: 'A request over HTTP/3 is answered',
      source: AS_WITHOUT_FILTER,
      look: ({ answer }) => ({ status: answer.status, body: answer.body.toString() }),
      expected: { status: 200, body: '{"b":2}' },
    }),
    about({
      id: 'http3-event',
      says: 'A request over HTTP/3 is an event like one over HTTP/1.1',
      source: promise('events', 'Where each field comes from'),
      look: ({ events }) =>
        events.map(({ event: { request, response } }) => ({
          verb: request.verb,
          path: request.uri.replace(/^.*(?=\/over-http3)/, ''),
          requestBody: request.body,
          status: response?.status,
          responseBody: response?.body,
        })),
      expected: [
        {
          verb: 'POST',
          path: `/${NAME}?a=1`,
          requestBody: { a: 1 },
          status: 200,
          responseBody: { b: 2 },
        },
      ],
    }),
  ],
  observe: async (setting) => {
    const port = await freeUdpPort()
    await using stage = await Stage.start(
      setting,
      'http3',
      {
        front: { listener: { plugin: null, defaultRoute: { cluster: 'http3' } } },
        http3: { filter: { failOpen: false }, listener: http3Listener(port) },
      },
      {
        clusters: [http3Cluster('http3', port)],
        files: http3Files(await selfSigned('http3.example')),
      },
    )
    const answer = await stage.listener('front').send({
      name: NAME,
      request: { path: '?a=1', body: '{"a":1}', headers: HEADERS },
      response: { body: '{"b":2}', headers: HEADERS },
    })
    const events = await stage.listener('http3').eventsOf([NAME])
    return { answer, events, logged: stage.logged('http3') }
  },
})
