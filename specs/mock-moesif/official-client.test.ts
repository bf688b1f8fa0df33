import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'

/** Moesif's own middleware for Node, as npm has it: only its base URL is set. */
type Middleware = ((request: unknown, response: unknown, next: () => void) => void) & {
  updateUser(user: object, done: (error?: unknown) => void): void
  updateCompany(company: object, done: (error?: unknown) => void): void
}
const moesifNodejs = createRequire(import.meta.url)('moesif-nodejs') as (
  options: object,
) => Middleware

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
/** It refuses ids shorter than 50 characters. */
const app = moesif.application(`official-${'x'.repeat(60)}`)
const middleware = moesifNodejs({
  applicationId: app.id,
  baseUri: `${moesif.url}/collector`,
  batchMaxTime: 501,
  logBody: true,
  identifyUser: () => 'u1',
  identifyCompany: () => 'acme',
})

/** Serves tea behind the middleware. */
const listener: RequestListener = (request, response) => {
  middleware(request, response, () => {
    response.statusCode = 418
    response.setHeader('content-type', 'application/json')
    response.end('{"tea":true}')
  })
}

test('moesif-nodejs, unmodified, delivers what its server answered', async () => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await fetch(`http://127.0.0.1:${port}/tea?kind=green`).then((response) => response.text())
  const [event] = await app.awaitEvents({ where: 'status:418', timeout: 60_000 })
  server.close()

  expect(event).toMatchObject({ verb: 'GET', userId: 'u1', companyId: 'acme' })
  expect(event!.verdict, JSON.stringify(event!.findings)).not.toBe('bad')
  expect(event!.event.request.uri).toContain('/tea?kind=green')
  expect(event!.event.response!.body).toEqual({ tea: true })
  expect(await app.batches()).toMatchObject([{ answer: 201, encoding: 'gzip' }])
})

test('its users and companies arrive, too', async () => {
  const update = (
    call: (document: object, done: (error?: unknown) => void) => void,
    document: object,
  ) =>
    new Promise<void>((resolve, reject) => {
      call.call(middleware, document, (error) => (error ? reject(error as Error) : resolve()))
    })
  await update(middleware.updateUser, { userId: 'u1', metadata: { plan: 'gold' } })
  await update(middleware.updateCompany, { companyId: 'acme' })
  const entities = (await fetch(`${moesif.url}/_mock/entities?app=${app.id}`).then((response) =>
    response.json(),
  )) as object[]

  expect(entities).toMatchObject([
    { kind: 'companies', document: { company_id: 'acme' } },
    { kind: 'users', document: { user_id: 'u1', metadata: { plan: 'gold' } } },
  ])
})

test('it asks for config and rules, and is answered', async () => {
  await expect
    .poll(async () =>
      (await app.requests())
        .filter(({ method }) => method === 'GET')
        .map(({ path, answer }) => `${path} ${answer}`),
    )
    .toContain('/collector/v1/config 200')
  expect((await app.requests()).filter(({ answer }) => answer !== 200 && answer !== 201)).toEqual(
    [],
  )
})
