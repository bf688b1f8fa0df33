import { once } from 'node:events'
import { request } from 'node:https'
import { expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { CertificateAuthority } from '#specs/support/certificates.ts'
import { sampleEvent } from './sample.ts'

/** Posts one event as a gateway does that verifies the name of its collector. */
async function postOverTls(port: number, ca: string, servername: string): Promise<number> {
  const call = request({
    host: '127.0.0.1',
    port,
    path: '/v1/events',
    method: 'POST',
    ca,
    servername,
    headers: {
      host: 'api.moesif.net',
      'content-type': 'application/json',
      'x-moesif-application-id': 'tls',
    },
  })
  call.end(JSON.stringify(sampleEvent()))
  const [response] = (await once(call, 'response')) as [{ statusCode: number; resume(): void }]
  response.resume()
  return response.statusCode
}

test('serves the collector over TLS beside plain HTTP, with one store', async () => {
  const authority = await CertificateAuthority.create('test authority')
  const { certificate, key } = await authority.issue('DNS:api.moesif.net')
  await using moesif = await startMockMoesif({ tls: { cert: certificate, key } })

  const status = await postOverTls(moesif.tlsPort!, authority.certificate, 'api.moesif.net')
  const events = await moesif.application('tls').awaitEvents({ count: 1 })

  expect(status).toBe(201)
  expect(events).toHaveLength(1)
})

test('shows a certificate that a client can refuse', async () => {
  const authority = await CertificateAuthority.create('test authority')
  const { certificate, key } = await authority.issue('DNS:other.example')
  await using moesif = await startMockMoesif({ tls: { cert: certificate, key } })

  const call = postOverTls(moesif.tlsPort!, authority.certificate, 'api.moesif.net')

  await expect(call).rejects.toThrow(/altnames/)
  expect(await moesif.application('tls').count()).toBe(0)
})

test('serves no TLS without a certificate, and says when one is no certificate', async () => {
  await using moesif = await startMockMoesif()

  expect(moesif.tlsPort).toBeNull()
  await expect(startMockMoesif({ tls: { cert: 'none', key: 'none' } })).rejects.toThrow(/PEM/)
})
