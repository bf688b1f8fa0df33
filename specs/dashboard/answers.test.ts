import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gatewaySpec, healthy, startAdmin, type Admin } from './admin.ts'
import { exchanges } from './exchange.ts'
import { dragOver, expectCount, expectText, openScene, type Scene } from './scene.ts'
import { startGateway, urlOf } from './stand-in-gateway.ts'

const pictures = join(import.meta.dirname, '../../docs/images')
let scene: Scene
let admin: Admin
let gateway: Awaited<ReturnType<typeof startGateway>>

/** The series of docs/dashboard.md; kept with `--screenshots`. */
async function keep(name: string): Promise<void> {
  if (!process.env['SCREENSHOTS']) return
  await mkdir(pictures, { recursive: true })
  await scene.page.screenshot({ path: join(pictures, `answer-${name}.png`) })
}

beforeAll(async () => {
  // Whole seconds: no row has the digits of a status in its time.
  const start = Math.floor(Date.now() / 1000) * 1000 - 600_000
  admin = await startAdmin(healthy)
  gateway = await startGateway(() => scene.mock.url)
  scene = await openScene({
    mock: { gateway: { ...gatewaySpec(admin.url), listenerUrl: urlOf(gateway) } },
    context: { viewport: { width: 1100, height: 560 }, colorScheme: 'light' },
    before: async (it) => {
      await it.post(
        exchanges(400, (n) => ({
          time: start + n * 1500,
          user: ['ada', 'grace', 'linus', 'edsger'][n % 4] ?? '',
          uri: `https://shop.example.com/${n % 3 ? `orders/${1000 + n}` : 'search'}`,
          // Most 5xx are another user's than most 500s.
          status: n % 16 === 3 ? 500 : n % 8 === 1 ? 503 : n % 9 === 0 ? 404 : 200,
          durationMs: n % 3 && n > 200 ? 700 + (n % 7) * 40 : 20 + (n % 50),
        })),
      )
      await it.post([
        {
          request: { time: 'yesterday', verb: 'GET', uri: '/relative', headers: {} },
          response: { time: new Date().toISOString(), status: '200', headers: {} },
        },
      ])
      await it.mock.application('shop').faults.add({ status: 413, remaining: 1 })
      const refused = exchanges(3, () => ({ user: 'ada' }))
      await it.post(refused)
      await it.post(refused)
    },
  })
})
beforeAll(() => scene.page.addInitScript(countActions))
afterAll(async () => {
  await scene[Symbol.asyncDispose]()
  await admin[Symbol.asyncDispose]()
  await gateway[Symbol.asyncDispose]()
})

/** Presses, drags, and texts that were typed, since the page was opened: docs/dashboard.md gives their number. */
const actions = () => scene.page.evaluate(() => Number(document.documentElement.dataset['actions']))
function countActions(): void {
  let count = 0
  let last: EventTarget | null = null
  const add = ({ type, target }: Event) => {
    // A text is one action, however many events it makes.
    if (type === 'input' && target === last) return
    last = type === 'input' ? target : null
    document.documentElement.dataset['actions'] = String(++count)
  }
  for (const name of ['click', 'input']) addEventListener(name, add, { capture: true })
}

const groupBy = async (field: string) => {
  const input = scene.page.getByRole('combobox', { name: 'Group by' })
  await input.fill(field)
  await input.press('Enter')
}
const groups = () => scene.page.getByRole('table', { name: /^Events by/ })

test('which user gets most 500s', async () => {
  await scene.open()
  await scene.query.fill('status:500')
  await expectText(scene.page.locator('.list-count'), /^25 events/)
  await scene.query.press('Escape')
  await keep('500s-1')
  await groupBy('user')
  await expectText(groups().getByRole('row').nth(1), /^edsger25/)
  await keep('500s-2')
  await groups().getByRole('link', { name: 'edsger' }).click()
  await expect.poll(() => scene.query.inputValue()).toBe('status:500 user:edsger')
  await expectCount(scene.row('404'), 0)
  await scene.row('edsger').first().waitFor()
  await keep('500s-3')
  expect(await actions()).toBe(3)
})

test('what got slower in the last five minutes', async () => {
  await scene.open()
  await scene.page.getByRole('radio', { name: 'Latency' }).click()
  await groupBy('route')
  await scene.page.getByRole('figure', { name: /^Latency/ }).waitFor()
  await groups().getByRole('button', { name: 'p90' }).click()
  await expectText(groups().getByRole('row').nth(1), /^\/orders\/:id/)
  await keep('slower-1')
  await dragOver(scene.page.locator('.series-plot'), 0.5, 0.99)
  await expect.poll(() => scene.query.inputValue()).toMatch(/^time:/)
  // On average, too: what was before is not among them.
  await expectText(groups().getByRole('row').nth(1), /^\/orders\/:id.*%[789]\d\d ms/)
  await scene.page.mouse.move(0, 0)
  await keep('slower-2')
  expect(await actions()).toBe(4)
  await scene.page.getByRole('radio', { name: 'Events' }).click()
})

test('why this event is bad', async () => {
  await scene.open()
  await scene.link('1 bad').click()
  await expectCount(scene.row(), 1)
  await keep('bad-1')
  await scene.row('/relative').click()
  await scene.detail.getByRole('list', { name: 'Remarks on this event' }).waitFor()
  await keep('bad-2')
  expect(await actions()).toBe(2)
})

test('why this batch was refused', async () => {
  await scene.open()
  await scene.view('Batches')
  await expectText(scene.page.locator('#batch-3'), '413')
  await keep('refused-1')
  await scene.page.locator('#batch-3').getByRole('link').click()
  await expectText(
    scene.page.getByRole('main', { name: 'Batch 3' }),
    /413.*2 attempts|2 attempts.*413/s,
  )
  await keep('refused-2')
  expect(await actions()).toBe(2)
})

test('send this call again with another header', async () => {
  await scene.open()
  await scene.row('/orders').first().click()
  await scene.detail.getByRole('region', { name: 'Response' }).waitFor()
  await keep('again-1')
  await scene.button('Send again…').click()
  const headers = scene.page.getByRole('form', { name: 'Send again' }).getByLabel('Headers')
  await headers.fill(`${await headers.inputValue()}\nx-tenant: blue`)
  await keep('again-2')
  await scene.page.getByRole('button', { name: 'Send', exact: true }).click()
  await expectText(
    scene.detail
      .getByRole('table')
      .first()
      .getByRole('row', { name: /x-tenant/ }),
    'blue',
  )
  await keep('again-3')
  expect(await actions()).toBe(4)
})
