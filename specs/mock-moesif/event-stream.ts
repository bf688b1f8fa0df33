import type { StreamMessages } from '#mock-moesif/index.ts'

export interface StreamMessage {
  id: string | undefined
  name: keyof StreamMessages
  message: any
}

/** Reads the stream's messages one by one; leaving the loop hangs up. */
export async function* readStream(
  url: string,
  headers: Record<string, string> = {},
): AsyncGenerator<StreamMessage> {
  const abort = new AbortController()
  const response = await fetch(url, { headers, signal: abort.signal })
  let text = ''
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const parts = text.split('\n\n')
      text = parts.pop()!
      for (const part of parts) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1]
        const data = field('data')
        if (data !== undefined)
          yield {
            id: field('id'),
            name: field('event') as keyof StreamMessages,
            message: JSON.parse(data),
          }
      }
    }
  } finally {
    abort.abort()
  }
}

/** The next message of a name, skipping others. */
export async function nextOf(
  stream: AsyncGenerator<StreamMessage>,
  name: keyof StreamMessages,
): Promise<StreamMessage> {
  for (;;) {
    const { value, done } = await stream.next()
    if (done) throw new Error(`The stream ended without ${name}`)
    if (value.name === name) return value
  }
}
