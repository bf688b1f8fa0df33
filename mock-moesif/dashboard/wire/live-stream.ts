import type { StreamMessages } from '#mock-moesif/test-api/types.ts'

const names = ['events', 'batches', 'counts', 'skipped', 'reset', 'faults'] as const

export type StreamMessage = {
  [Name in keyof StreamMessages]: { name: Name; data: StreamMessages[Name] }
}[keyof StreamMessages]

export interface StreamListener {
  onMessage(message: StreamMessage): void
  onOpen(): void
  onLost(): void
}

const retryMs = 1000

/**
 * The mock's stream of what arrives, opened anew whenever it ends: an `EventSource` by itself gives up when something else
 * answers while the mock restarts.
 */
export function openStream(listener: StreamListener): void {
  const source = new EventSource('/_mock/events/stream')
  source.addEventListener('open', () => listener.onOpen())
  source.addEventListener('error', () => {
    source.close()
    listener.onLost()
    setTimeout(() => openStream(listener), retryMs)
  })
  for (const name of names) {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      listener.onMessage({ name, data: JSON.parse(event.data) } as StreamMessage)
    })
  }
}
