import { startMockMoesif, type StartedMockMoesif } from '#mock-moesif/index.ts'
import { CertificateAuthority, type Certificate } from './certificates.ts'
import { TlsFront } from './tls-front.ts'

/** A mock Moesif behind TLS as api.moesif.net, with an authority of its own and certificates that must be refused. */
export class MoesifOverTls implements AsyncDisposable {
  readonly mock: StartedMockMoesif
  readonly front: TlsFront
  /** What proxies are to trust. */
  readonly authority: CertificateAuthority
  readonly certificates: Record<
    'right' | 'of another name' | 'of an unknown authority',
    Certificate
  >

  private constructor(
    mock: StartedMockMoesif,
    front: TlsFront,
    authority: CertificateAuthority,
    certificates: MoesifOverTls['certificates'],
  ) {
    this.mock = mock
    this.front = front
    this.authority = authority
    this.certificates = certificates
  }

  static async start(bindHost: string): Promise<MoesifOverTls> {
    const authority = await CertificateAuthority.create('public authority')
    const unknown = await CertificateAuthority.create('unknown authority')
    const certificates = {
      right: await authority.issue('DNS:api.moesif.net'),
      'of another name': await authority.issue('DNS:collector.example.com'),
      'of an unknown authority': await unknown.issue('DNS:api.moesif.net'),
    }
    const mock = await startMockMoesif()
    const front = await TlsFront.start(certificates.right, { port: mock.port, host: bindHost })
    return new MoesifOverTls(mock, front, authority, certificates)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.front[Symbol.asyncDispose]()
    await this.mock[Symbol.asyncDispose]()
  }
}
