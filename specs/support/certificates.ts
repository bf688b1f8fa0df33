import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** PEM texts. */
export interface Certificate {
  certificate: string
  key: string
}

/** A throw-away certificate authority: made anew at each run, nothing of it is kept. */
export class CertificateAuthority {
  readonly certificate: string
  readonly #key: string

  private constructor(own: Certificate) {
    this.certificate = own.certificate
    this.#key = own.key
  }

  static async create(name: string): Promise<CertificateAuthority> {
    return await inScratch(async (directory) => {
      await openssl(directory, `req -x509 ${NEW_KEY} -days 2 -keyout own.key -out own.pem`, name)
      return new CertificateAuthority(await readPair(directory))
    })
  }

  /** `subject` is a subject alternative name as OpenSSL writes it: `DNS:api.moesif.net`, `URI:spiffe://…`. */
  async issue(subject: string): Promise<Certificate> {
    return await inScratch(async (directory) => {
      await writeFile(join(directory, 'ca.pem'), this.certificate)
      await writeFile(join(directory, 'ca.key'), this.#key)
      await writeFile(join(directory, 'extensions'), `subjectAltName=${subject}\n`)
      await openssl(directory, `req ${NEW_KEY} -keyout own.key -out own.csr`, 'leaf')
      await openssl(
        directory,
        'x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out own.pem',
      )
      return await readPair(directory)
    })
  }
}

const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

async function openssl(directory: string, command: string, subject?: string): Promise<void> {
  const named = subject === undefined ? [] : ['-subj', `/CN=${subject}`]
  try {
    await run('openssl', [...command.split(' '), ...named], { cwd: directory })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error('These specs make their certificates with openssl: install it.', {
      cause: error,
    })
  }
}

async function readPair(directory: string): Promise<Certificate> {
  const read = async (file: string) => await readFile(join(directory, file), 'utf8')
  return { certificate: await read('own.pem'), key: await read('own.key') }
}

async function inScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'certificates-'))
  try {
    return await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
