import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const PYPI = 'https://pypi.org/simple'
const TIMEOUT_MS = 10_000

interface SimpleProject {
  files?: { filename: string; hashes?: { sha256?: string } }[]
}

/**
 * The SHA-256 that the machine's Python package index gives for a file, undefined when it can't be had.
 *
 * @see https://packaging.python.org/en/latest/specifications/simple-repository-api/ (JSON and HTML)
 */
export async function indexDigest(
  packageName: string,
  fileName: string,
): Promise<string | undefined> {
  const url = `${(await indexUrl()).replace(/\/$/, '')}/${packageName}/`
  const accept = 'application/vnd.pypi.simple.v1+json, text/html;q=0.1'
  const response = await fetch(url, {
    headers: { accept },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined)
  if (!response?.ok) return undefined
  const text = await response.text().catch(() => '')
  return response.headers.get('content-type')?.includes('json')
    ? fromJson(text, fileName)
    : fromHtml(text, fileName)
}

async function indexUrl(): Promise<string> {
  const given = process.env['PIP_INDEX_URL'] ?? process.env['UV_DEFAULT_INDEX']
  if (given) return given
  const config = promisify(execFile)('pip3', ['config', 'get', 'global.index-url'])
  return await config.then(
    ({ stdout }) => stdout.trim() || PYPI,
    () => PYPI,
  )
}

function fromJson(text: string, fileName: string): string | undefined {
  try {
    const { files } = JSON.parse(text) as SimpleProject
    return files?.find(({ filename }) => filename === fileName)?.hashes?.sha256
  } catch {
    return undefined
  }
}

/** A link whose address ends with `FILE#sha256=DIGEST`. */
const fromHtml = (text: string, fileName: string): string | undefined =>
  text
    .split('href=')
    .find((link) => link.includes(`/${fileName}#`))
    ?.match(/#sha256=([\da-f]{64})/)?.[1]
