import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Reply } from '../test-api/reply.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

/** Captured traffic is shown on this page: nothing in it may run, load or be sent anywhere. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Where `vite build` puts the dashboard; the plain page is served until then. */
const builtPage = fileURLToPath(new URL('../dashboard/dist', import.meta.url))
const plainPage = fileURLToPath(new URL('../plain-page', import.meta.url))

/** The file of the page that a path names, or undefined when there is none. */
export async function staticFile(path: string): Promise<Reply | undefined> {
  const name = path === '/' ? 'index.html' : path.slice(1)
  const type = TYPES[extname(name)]
  if (!type || name.includes('\0') || normalize(name).startsWith('..')) return undefined
  const body =
    (await readFile(join(builtPage, name)).catch(() => undefined)) ??
    (await readFile(join(plainPage, name)).catch(() => undefined))
  if (!body) return undefined
  const hashed = name.startsWith('assets/')
  return {
    status: 200,
    headers: {
      ...PAGE_HEADERS,
      'content-type': type,
      'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
    body,
  }
}
