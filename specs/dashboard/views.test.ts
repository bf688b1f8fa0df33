import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import axe from 'axe-core'
import { expect, test } from 'vitest'
import { gatewaySpec, healthy, startAdmin } from './admin.ts'
import { exchange, exchanges } from './exchange.ts'
import { expectCount, openScene, type Scene } from './scene.ts'

const pictures = join(import.meta.dirname, '../../docs/images')

const paths = [
  '/v1/orders',
  '/v1/orders/8412',
  '/v1/search?q=shoes&page=2',
  '/v2/payments',
  '/health',
]
const statuses = [200, 200, 201, 200, 304, 200, 404, 200, 429, 200, 503, 200]
const verbs = ['GET', 'GET', 'POST', 'GET', 'PATCH', 'DELETE', 'PUT']
const users = ['ada', 'grace', 'linus', 'margaret', 'edsger']
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T

/** A few minutes of a shop, with a bad event and a warning among them. */
async function traffic(scene: Scene): Promise<void> {
  const start = Date.now() - 120_000
  for (let batch = 0; batch < 6; batch++) {
    const events = exchanges(batch % 3 === 2 ? 23 : 50, (n) => {
      const at = batch * 50 + n
      return {
        verb: pick(verbs, at * 5),
        uri: `https://shop.example.com${pick(paths, at * 3)}`,
        status: pick(statuses, at * 7),
        user: pick(users, at),
        company: 'acme',
        durationMs: 3 + ((at * 37) % 400),
        time: start + at * 400,
        requestHeaders: {
          host: 'shop.example.com',
          'user-agent': 'Mozilla/5.0',
          accept: 'application/json',
        },
        requestBody: { sku: `A-${at}`, quantity: 2, address: { city: 'Zürich', zip: '8004' } },
        responseBody: { id: 8412, items: [{ sku: 'A-1', price: 19.9 }], total: 24.9 },
        more: { metadata: { cluster: 'shop', route: 'orders' } },
      }
    })
    await scene.post(events, 'shop-production')
  }
  await scene.post([exchange({ uri: '/orders/relative', user: 'ada' })], 'shop-staging')
  await scene.post(
    [
      {
        request: { time: 'today', verb: 'GET', uri: '/broken', headers: {} },
        response: { status: '200' },
      },
    ],
    'shop-staging',
  )
}

const ready: Record<string, (scene: Scene) => Promise<unknown>> = {
  events: (scene) => scene.row('/broken').waitFor(),
  event: async (scene) => {
    await scene.row('/v1/orders').first().click()
    await scene.detail.getByRole('region', { name: 'Response' }).waitFor()
  },
  'bad-event': async (scene) => {
    await scene.row('/broken').click()
    await scene.detail.getByRole('list', { name: 'Remarks on this event' }).waitFor()
  },
  compare: async (scene) => {
    await scene.page.goto(`${scene.mock.url}/?event=120&compare=121`)
    await scene.detail.getByRole('table').waitFor()
  },
  query: async (scene) => {
    await scene.query.fill('-path:/health status:>=400 use:ada ')
    await scene.page.getByRole('alert').waitFor()
  },
  suggestions: async (scene) => {
    await scene.query.fill('user:')
    await scene.page.getByRole('option').first().waitFor()
  },
  batches: async (scene) => {
    await scene.view('Batches')
    await scene.page.locator('#batch-1').waitFor()
  },
  gateway: async (scene) => {
    await scene.view('Gateway')
    await scene.page.locator('.sum').waitFor()
  },
  faults: async (scene) => {
    await scene.view('Faults')
    await scene.button(/^Rate limit/).click()
    await scene.page.getByRole('table').waitFor()
  },
  documents: async (scene) => {
    await scene.view('Documents')
    await expect
      .poll(() => scene.page.getByRole('textbox', { name: 'config' }).inputValue())
      .not.toBe('')
  },
  disconnected: async (scene) => {
    await scene.row('/broken').waitFor()
    await scene.mock.stop()
    await scene.page.getByText('Disconnected.').waitFor()
  },
  keys: async (scene) => {
    await scene.page.keyboard.press('?')
    await scene.page.getByRole('dialog').waitFor()
  },
}

interface Finding {
  id: string
  impact: string
  nodes: { html: string; any: { message: string }[] }[]
}

/** What axe finds serious: rule, element, reason. */
async function seriousFindings(scene: Scene): Promise<string[]> {
  await scene.page.evaluate(axe.source)
  const violations = (await scene.page.evaluate(
    'axe.run().then((result) => result.violations)',
  )) as Finding[]
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
    )
}

/** Kept only when asked for: SCREENSHOTS=1. */
async function keepPicture(scene: Scene, name: string): Promise<void> {
  const picture = await scene.page.screenshot()
  if (process.env['SCREENSHOTS'] !== '1') return
  await mkdir(pictures, { recursive: true })
  await writeFile(join(pictures, `dashboard-${name}.png`), picture)
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [name, show] of Object.entries(ready)) {
    test(`${name}, ${colorScheme}: axe finds nothing serious`, async () => {
      await using admin = await startAdmin(healthy)
      await using scene = await openScene({
        mock: { gateway: gatewaySpec(admin.url) },
        context: { colorScheme },
        before: traffic,
      })
      await show(scene)

      expect(await seriousFindings(scene)).toEqual([])
      await keepPicture(scene, `${name}-${colorScheme}`)
    })
  }
}

test('the empty list, light and dark: axe finds nothing serious', async () => {
  await using scene = await openScene()
  await scene.page.getByText('Waiting for the first event').waitFor()

  for (const colorScheme of ['light', 'dark'] as const) {
    await scene.page.emulateMedia({ colorScheme })
    expect(await seriousFindings(scene)).toEqual([])
    await keepPicture(scene, `empty-${colorScheme}`)
  }
})

test('at 800 px nothing sticks out on any view', async () => {
  await using admin = await startAdmin(healthy)
  await using scene = await openScene({
    mock: { gateway: gatewaySpec(admin.url) },
    context: { viewport: { width: 800, height: 700 } },
    before: traffic,
  })
  for (const name of ['events', 'batches', 'gateway', 'faults', 'documents', 'events', 'event']) {
    if (name === 'events') await scene.view('Events')
    await ready[name]?.(scene)
    const width = await scene.page.evaluate(() => document.documentElement.scrollWidth)
    expect(width, name).toBeLessThanOrEqual(800)
    await keepPicture(scene, `${name}-narrow`)
  }
  await expectCount(scene.list, 0)
  await scene.button('Close the event').click()
  await scene.list.waitFor()
})
