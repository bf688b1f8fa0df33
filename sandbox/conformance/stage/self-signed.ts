import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

/** PEM texts. */
export interface Certificate {
  certificate: string
  key: string
}

/**
 * A self-signed certificate, valid for a day.
 *
 * @throws Error when there is no openssl: Node signs nothing of this kind
 */
export async function selfSigned(host: string): Promise<Certificate> {
  const directory = await mkdtemp(path.join(tmpdir(), 'moesif-conformance-'))
  const file = (name: string): string => path.join(directory, name)
  const what = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1'
  const named = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
  const files = ['-keyout', file('key'), '-out', file('certificate')]
  try {
    await promisify(execFile)('openssl', [...what.split(' '), ...named, ...files])
    return {
      certificate: await readFile(file('certificate'), 'utf8'),
      key: await readFile(file('key'), 'utf8'),
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error('HTTP/3 needs a certificate, and that needs openssl: install it.', {
      cause: error,
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
