import { Span, utf8 } from '../memory/span'
import { AT, COLON, HASH, QUESTION_MARK, SLASH } from '../text/bytes'

const DEFAULT_HOST = utf8('api.moesif.net')
const VERSION_PATH = utf8('/v1')

/**
 * Splits `base_uri`: `https://proxy.local:8443/collector/` into the authority `proxy.local:8443` and the path prefix
 * `/collector`. The official plugin's bare host works too. The scheme is ignored: the cluster's transport socket
 * decides. A trailing `/v1`, as Moesif's secure proxy is documented with, is dropped, since the paths have it.
 */
export function splitBaseUri(uri: Span, authority: Span, prefix: Span): void {
  let end = uri.end
  for (let at = uri.start; at < end; at++) {
    if (load<u8>(at) == QUESTION_MARK || load<u8>(at) == HASH) end = at
  }
  let host = afterScheme(uri.start, end)
  let path = host
  while (path < end && load<u8>(path) != SLASH) path++
  for (let at = host; at < path; at++) {
    if (load<u8>(at) == AT) host = at + 1
  }
  if (path > host) authority.set(host, <u32>(path - host))
  else authority.set(DEFAULT_HOST.start, DEFAULT_HOST.length)

  end = withoutSlashes(path, end)
  const version = end - VERSION_PATH.length
  if (version >= path && memory.compare(version, VERSION_PATH.start, VERSION_PATH.length) == 0) {
    end = withoutSlashes(path, version)
  }
  prefix.set(path, <u32>(end - path))
}

function afterScheme(start: usize, end: usize): usize {
  for (let at = start; at + 2 < end; at++) {
    if (load<u8>(at) == SLASH) break
    if (load<u8>(at) == COLON && load<u8>(at + 1) == SLASH && load<u8>(at + 2) == SLASH)
      return at + 3
  }
  return start
}

function withoutSlashes(start: usize, end: usize): usize {
  while (end > start && load<u8>(end - 1) == SLASH) end--
  return end
}
