import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Admin, gatewaySpec, healthy, startAdmin } from './admin.ts'
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

/** Batches as a gateway makes them: full before their time, or as large as they got in it. */
async function steadyTraffic(scene: Scene): Promise<void> {
  // As many as a picture wants; axe needs but a few.
  const count = process.env['SCREENSHOTS'] ? 80 : 6
  for (let batch = 0; batch < count; batch++) {
    const full = batch % 3 !== 0
    const waited = full ? 500 + ((batch * 331) % 900) : 1500
    const size = full ? 50 : 12 + ((batch * 7) % 30)
    const time = Date.now() - waited
    const events = exchanges(size, (n) => ({
      time: time + (n * waited) / size,
      durationMs: 0,
      user: pick(users, n),
      uri: `https://shop.example.com${pick(paths, n)}`,
    }))
    await scene.post(events, 'shop-production')
  }
}

const views: Record<string, (scene: Scene) => Promise<unknown>> = {
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
    await scene.go(`?event=120&compare=121`)
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
  gateway: async (scene) => {
    await scene.mock.addToGatewayLog([
      '[info][main] starting main dispatch loop',
      '[warning][wasm] wasm log moesif: moesif: the collector answered 503, retrying in 0.4 s',
    ])
    await scene.view('Gateway')
    await scene.page.getByText('retrying in 0.4 s').waitFor()
    await scene.page.locator('.sum').waitFor()
  },
  people: async (scene) => {
    await scene.view('People')
    await scene.page.getByRole('table', { name: 'Users' }).waitFor()
  },
  rules: async (scene) => {
    await scene.view('Rules')
    await scene.button('New rule').click()
    await scene.page.getByLabel(/^User ids/).fill('ada plan=Free limit=1000')
    await scene.page.getByLabel('Headers', { exact: true }).fill('x-quota: {{limit}}')
    await scene.page.getByRole('region', { name: 'Preview' }).waitFor()
  },
  faults: async (scene) => {
    await scene.view('Faults')
    await scene.button(/^Rate limit/).click()
    await scene.page.getByRole('table').waitFor()
  },
  documents: async (scene) => {
    await scene.view('Documents')
    const config = scene.page.getByRole('textbox', { name: 'config' })
    await expect.poll(() => config.inputValue()).not.toBe('')
  },
  keys: async (scene) => {
    await scene.page.keyboard.press('?')
    await scene.page.getByRole('dialog').waitFor()
  },
  groups: async (scene) => {
    await scene.go(`?group=route`)
    await scene.page.getByRole('radio', { name: 'Latency' }).click()
    await scene.page.getByRole('figure', { name: /^Latency/ }).waitFor()
    await scene.page.getByRole('table').waitFor()
    await scene.page.evaluate(() => localStorage.clear())
  },
  batch: async (scene) => {
    await scene.go(`?view=batches&batch=1`)
    await scene.page.getByText('One attempt').waitFor()
  },
  send: async (scene) => {
    await scene.row('/v1/orders').first().click()
    await scene.button('Send again…').click()
    await scene.page.getByRole('form', { name: 'Send again' }).waitFor()
  },
  batches: async (scene) => {
    await scene.view('Batches')
    await scene.page.locator('#batch-1').waitFor()
  },
  types: async (scene) => {
    const plans = [1, 'gold'].map((plan) => exchange({ more: { metadata: { plan } } }))
    await scene.post(plans)
    await scene.link(/types? changed$/).click()
    await scene.page.getByRole('rowheader', { name: 'metadata.plan', exact: true }).waitFor()
  },
  // Last: nothing comes after it.
  disconnected: async (scene) => {
    await scene.row('/v1/orders').first().waitFor()
    await scene.mock.stop()
    await scene.page.getByText('Disconnected.').waitFor()
  },
}

interface Violation {
  id: string
  impact: string
  nodes: { html: string; any: { message: string }[] }[]
}

/** Of rows that are alike axe looks at the first few: each costs it as much as a small page. */
const alike = ['.list-rows > .row:nth-child(n + 7)', 'tbody > tr:nth-child(n + 7)']

/** What axe finds serious: rule, element, reason. */
async function seriousFindings(scene: Scene, rules?: string[]): Promise<string[]> {
  if (!(await scene.page.evaluate(() => 'axe' in window))) await scene.page.evaluate(axe.source)
  const options = JSON.stringify({
    resultTypes: ['violations'],
    ...(rules ? { runOnly: rules } : { rules: { 'target-size': { enabled: true } } }),
  })
  const run = `axe.run({ exclude: ${JSON.stringify(alike)} }, ${options}).then((result) => result.violations)`
  const violations = (await scene.page.evaluate(run)) as Violation[]
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
    )
}

/** The pictures of the documentation. */
const documented = new Set([
  'events-light',
  'event-dark',
  'batches-light',
  'gateway-light',
  'faults-dark',
])

/** Kept only when asked for: `--screenshots` for those of the documentation, `--screenshots=all` for a look at everything. */
async function keepPicture(scene: Scene, name: string): Promise<void> {
  const asked = process.env['SCREENSHOTS']
  if (asked !== 'all' && !(asked === '1' && documented.has(name))) return
  await mkdir(pictures, { recursive: true })
  await scene.page.screenshot({ path: join(pictures, `dashboard-${name}.png`) })
}

const viewport = { width: 1280, height: 800 }

/** One mock for all views: each starts from the page as it opens. */
let scene: Scene
let admin: Admin

beforeAll(async () => {
  admin = await startAdmin(healthy)
  scene = await openScene({
    mock: { gateway: gatewaySpec(admin.url, { moesif_application_id: 'shop-production' }) },
    context: { viewport },
    before: traffic,
  })
})

afterAll(async () => {
  await scene[Symbol.asyncDispose]()
  await admin[Symbol.asyncDispose]()
})

/** By how much something is wider than its place, at each width that people have (640 is 1280 at 200 %). */
async function overhang(name: string): Promise<Record<number, number>> {
  const found: Record<number, number> = {}
  for (const width of [375, 640, 800, 2560]) {
    await scene.page.setViewportSize({ width, height: 700 })
    found[width] = await scene.page.evaluate(async () => {
      // What follows the size of the window has followed it by the second frame.
      for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
      const places = [document.documentElement, ...document.querySelectorAll('main, aside, header')]
      return Math.max(...places.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))
    })
    await keepPicture(scene, `${name}-${width}`)
  }
  return found
}

// In this order: the last view is of a mock that is stopped.
describe('views', { shuffle: false }, () => {
  test('an event takes the place of the list where both have no room', async () => {
    await scene.page.setViewportSize({ width: 1000, height: 700 })
    await scene.go()
    await views['event']?.(scene)

    await expectCount(scene.list, 0)
    await scene.button('Close the event').click()
    await scene.list.waitFor()
    await scene.page.setViewportSize(viewport)
  })

  for (const [name, show] of Object.entries(views)) {
    test(`${name}: nothing sticks out at any width, axe finds nothing serious, light or dark`, async () => {
      await scene.page.emulateMedia({ colorScheme: 'light' })
      await scene.mock.faults.clearAll()
      await scene.go()
      if (name === 'batches') await steadyTraffic(scene)
      await show(scene)

      expect(await seriousFindings(scene)).toEqual([])
      await keepPicture(scene, `${name}-light`)
      await scene.page.emulateMedia({ colorScheme: 'dark' })
      expect(await seriousFindings(scene, ['color-contrast'])).toEqual([])
      await keepPicture(scene, `${name}-dark`)
      expect(await overhang(name)).toEqual({ 375: 0, 640: 0, 800: 0, 2560: 0 })
      await scene.page.setViewportSize(viewport)
      await scene.page.keyboard.press('Escape')
    })
  }

  test('the empty list: axe finds nothing serious, light or dark', async () => {
    await using empty = await openScene({ context: { colorScheme: 'light' } })
    await empty.page.getByText('Waiting for the first event').waitFor()

    expect(await seriousFindings(empty)).toEqual([])
    await empty.page.emulateMedia({ colorScheme: 'dark' })
    expect(await seriousFindings(empty, ['color-contrast'])).toEqual([])
  })
})
