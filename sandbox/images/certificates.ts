import { readFile } from 'node:fs/promises'
import type { RootFilesystem } from './root-filesystem.ts'

export const CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt'

/** The certificates this machine trusts: its own way out may go through a proxy that re-signs. */
export async function addCertificates(files: RootFilesystem): Promise<void> {
  const candidates = [process.env['NODE_EXTRA_CA_CERTS'], CA_BUNDLE, '/etc/pki/tls/cert.pem']
  for (const candidate of candidates) {
    const bundle = candidate && (await readFile(candidate).catch(() => undefined))
    if (bundle) {
      files.add(CA_BUNDLE, bundle)
      return
    }
  }
}
