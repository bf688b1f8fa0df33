import type { EnvoyJson } from '../envoy/envoy-json.ts'
import { envoyFile } from '../envoy/options.ts'
import { listenersOf } from './own-files.ts'
import { field, messages, messagesWithin, setField } from './proto-json.ts'

/**
 * Gives each Unix socket that a listener opens a path of the sandbox's own, which goes with it: the user's may be in use. What connects
 * to it is led there, too.
 */
export function moveUnixSockets(contents: EnvoyJson[]): void {
  const moved = new Map<unknown, string>()
  for (const listener of listenersOf(contents)) {
    for (const holder of [listener, ...messages(listener, 'additional_addresses')]) {
      const path = field(holder, 'address', 'pipe', 'path')
      if (path !== undefined && !moved.has(path))
        moved.set(path, envoyFile(`listener-${moved.size}.sock`))
    }
  }
  for (const { message } of contents.flatMap((content) => [...messagesWithin(content)])) {
    const pipe = field(message, 'pipe')
    const path = moved.get(field(pipe, 'path'))
    if (path !== undefined) setField(pipe as EnvoyJson, 'path', path)
  }
}
