import { readFileSync } from 'node:fs'
import { Collector } from './collector/collector.ts'
import { Faults } from './collector/faults.ts'
import { Forwarding } from './forwarding/forwarding.ts'
import { GatewayView } from './gateway/gateway-view.ts'
import type { JudgeExpressions } from './model/judge-expressions.ts'
import type { TryCall } from './model/try-it.ts'
import { EventAggregate } from './store/aggregate/event-aggregate.ts'
import { ArrivalSearch } from './store/arrival-search.ts'
import { Documents } from './store/documents.ts'
import { Entities } from './store/entities.ts'
import { EventSearch } from './store/event-search.ts'
import { EventStore, type StoreOptions } from './store/event-store.ts'
import type { Parts } from './test-api/parts.ts'
import { Router } from './test-api/router.ts'
import { testApiHandlers } from './test-api/routes/index.ts'
import { Stream } from './test-api/stream.ts'

export interface MockOptions extends StoreOptions {
  /** The only application ids that are accepted; any by default. */
  appIds?: readonly string[] | undefined
  /** What the plugin would make of a call; without it `POST /_mock/try` answers 501. */
  tryCall?: TryCall | undefined
  /** The plugin's judgement of regular expressions; without it `POST /_mock/rules/check` reports that they were not checked. */
  judgeExpressions?: JudgeExpressions | undefined
}

/** A mock without a transport: a server, or handlers for `msw/node`, are put in front of it. */
export interface Mock {
  parts: Parts
  collector: Collector
  router: Router
  close(): Promise<void>
}

export function createMock(options: MockOptions): Mock {
  const store = new EventStore(options)
  const faults = new Faults()
  const search = new EventSearch(store.database)
  const arrivals = new ArrivalSearch(store.database)
  const parts: Parts = {
    store,
    search,
    aggregate: new EventAggregate(search.scan, search.turns),
    arrivals,
    faults,
    documents: new Documents(store.database),
    entities: new Entities(store.database, store.maxBytes / 4),
    stream: new Stream(store, search, arrivals, faults),
    forwarding: new Forwarding({
      batchBody: (id) => arrivals.batchBody(id),
      noteForwarded: (id, forwarded) => store.noteForwarded(id, forwarded),
    }),
    gateway: new GatewayView(),
    tryCall: options.tryCall,
    judgeExpressions: options.judgeExpressions,
    version: packageVersion(),
  }
  const collector = new Collector({
    ...parts,
    applicationIds: options.appIds,
    onBatch: (batch, path, via) => parts.forwarding.forward(batch, path, via),
  })
  return {
    parts,
    collector,
    router: new Router(testApiHandlers(parts)),
    async close() {
      parts.stream.close()
      faults.close()
      parts.gateway.history[Symbol.dispose]()
      await collector.close()
      await parts.forwarding.close()
      store.close()
    },
  }
}

/** The package's own; two folders up from the built JavaScript, one from the source. */
function packageVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const text = readFileSync(new URL(path, import.meta.url), 'utf8')
      return (JSON.parse(text) as { version: string }).version
    } catch {
      // Not this one.
    }
  }
  return '0.0.0'
}
