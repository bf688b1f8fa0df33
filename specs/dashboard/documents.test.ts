import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { exchange, exchanges } from './exchange.ts'
import { expectCount, expectText, openScene, type Scene } from './scene.ts'

const served = async (scene: Scene, path: string, application: string) => {
  const response = await fetch(`${scene.mock.url}/v1/${path}`, {
    headers: { 'x-moesif-application-id': application },
  })
  return (await response.json()) as unknown
}

test('a saved config is what the collector answers from then on', async () => {
  await using scene = await openScene({
    before: (it) => it.post([exchange()]),
    address: '?view=documents',
  })
  await scene.page.getByLabel('Application', { exact: true }).selectOption('shop')
  const editor = scene.page.getByRole('textbox', { name: 'config' })
  await expect.poll(() => editor.inputValue()).toContain('"sample_rate": 100')

  await editor.fill('{"sample_rate": 25')
  await expect.poll(() => scene.button('Save config').isDisabled()).toBe(true)
  await expect.poll(() => editor.getAttribute('aria-invalid')).toBe('true')
  await editor.fill('{"sample_rate": "lots"}')
  await scene.button('Save config').click()
  await expectText(
    scene.page.locator('.toast'),
    /^Saving config: .*sample_rate must be a number\.$/,
  )
  expect(await served(scene, 'config', 'shop')).toMatchObject({ sample_rate: 100 })
  await editor.fill('{"sample_rate": 25}')
  await scene.button('Save config').click()

  await expectText(scene.page.locator('.toast'), 'Saved config of shop')
  expect(await served(scene, 'config', 'shop')).toEqual({ sample_rate: 25 })
  expect(await served(scene, 'config', 'other')).toMatchObject({ sample_rate: 100 })
})

test('rules are saved, too, and a refusal is shown', async () => {
  await using scene = await openScene({
    before: (it) => it.post([exchange()]),
    address: '?view=documents',
  })
  await scene.page.getByLabel('Application', { exact: true }).selectOption('shop')
  const editor = scene.page.getByRole('textbox', { name: 'rules' })
  await expect.poll(() => editor.inputValue()).toBe('[]')

  await editor.fill('{}')
  await scene.button('Save rules').click()
  await expectText(scene.page.locator('.toast'), 'must be array')
  await editor.fill('[{"_id": "r1", "type": "regex", "block": false}]')
  await scene.button('Save rules').click()
  await expectText(scene.page.locator('.toast'), 'Saved rules of shop')

  expect(await served(scene, 'rules', 'shop')).toEqual([{ _id: 'r1', type: 'regex', block: false }])
})

test('an application is reset only after a second press', async () => {
  await using scene = await openScene({
    before: async (it) => {
      await it.post([exchange()], 'goes')
      await it.post([exchange()], 'keeps')
    },
    address: '?view=documents',
  })
  await scene.page.getByLabel('Application', { exact: true }).selectOption('goes')

  await scene.button('Reset goes…').click()
  await scene.button('Keep').click()
  expect((await scene.mock.application('goes').events()).length).toBe(1)
  await scene.button('Reset goes…').click()
  await scene.button('Delete').click()

  await expectText(scene.page.locator('.toast'), 'Deleted what goes had sent')
  expect((await scene.mock.application('goes').events()).length).toBe(0)
  expect((await scene.mock.application('keeps').events()).length).toBe(1)
})

test('what is exported can be imported into another mock', async () => {
  await using scene = await openScene({
    before: (it) => it.post(exchanges(5, (n) => ({ user: n < 2 ? 'ada' : 'bob' }))),
    address: '?view=documents&q=user:ada',
  })
  await scene.page.getByText('Only what matches: user:ada').waitFor()
  const [download] = await Promise.all([
    scene.page.waitForEvent('download'),
    scene.page.getByRole('link', { name: 'Export NDJSON' }).click(),
  ])
  const file = await download.path()
  expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(2)

  await using other = await openScene({ address: '?view=documents' })
  await other.page.getByLabel('Import a file').setInputFiles(file)
  await expectText(other.page.locator('.toast'), 'Imported 2 events')
  await other.view('Events')

  await expectCount(other.row('ada'), 2)
})

test('exports HAR', async () => {
  await using scene = await openScene({
    before: (it) => it.post([exchange()]),
    address: '?view=documents',
  })
  const [download] = await Promise.all([
    scene.page.waitForEvent('download'),
    scene.page.getByRole('link', { name: 'Export HAR' }).click(),
  ])

  const har = JSON.parse(await readFile(await download.path(), 'utf8')) as {
    log: { entries: unknown[] }
  }
  expect(har.log.entries).toHaveLength(1)
})

test('forwards to another collector, and the batches show what it answered', async () => {
  await using target = await startMockMoesif()
  await using scene = await openScene({ address: '?view=documents' })
  await scene.page.getByLabel('Collector').fill(target.url)
  await scene.page.getByLabel('Its application id').fill('over-there')
  await scene.button('Forward every application').click()
  await scene.button('Stop forwarding').waitFor()

  await scene.view('Batches')
  await scene.post([exchange({ user: 'ada' })])
  await expectText(scene.page.locator('#batch-1'), 'forwarded: 201')
  await target.application('over-there').awaitEvents({ where: 'user:ada' })
  await scene.page.locator('#batch-1').getByRole('link').click()
  await expectText(
    scene.page.getByRole('main', { name: 'Batch 1' }),
    `Forwarded to ${target.url}/v1/events/batch as over-there: 201`,
  )

  await scene.view('Documents')
  await scene.button('Stop forwarding').click()
  await expectCount(scene.button('Stop forwarding'), 0)
})

test('what was typed and not saved is still there after looking elsewhere', async () => {
  await using scene = await openScene({ address: '?view=documents' })
  const editor = scene.page.getByRole('textbox', { name: 'config' })
  await expect.poll(() => editor.inputValue()).toContain('"sample_rate": 100')
  await editor.fill('{"sample_rate": 700}')
  await scene.page.getByText(/^config \/sample_rate/).waitFor()
  await editor.fill('{"sample_rate": 7}')

  await scene.view('Faults')
  await scene.view('Documents')
  await expect.poll(() => editor.inputValue()).toBe('{"sample_rate": 7}')
  await scene.page.getByText('not saved').first().waitFor()
  const asked = scene.page.waitForEvent('dialog')
  await scene.page.evaluate(() => void setTimeout(() => location.reload()))
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await scene.button('Save config').click()

  await expectText(scene.page.locator('.toast'), 'Saved config of *')
  await expectCount(scene.page.getByText('not saved'), 0)
})

test('a HAR of a browser, and bare events, go to an application that is named', async () => {
  await using source = await openScene({
    before: (it) =>
      it.post([
        exchange({
          verb: 'POST',
          user: 'ada',
          requestHeaders: { 'content-type': 'application/json' },
          requestBody: { a: 1 },
        }),
        exchange({ status: 404 }),
      ]),
    address: '?view=documents',
  })
  const har = (await source.mock.application('shop').export('har')) as string
  await using scene = await openScene({ address: '?view=documents' })
  const input = scene.page.getByLabel('Import a file')

  const buffer = Buffer.from(typeof har === 'string' ? har : JSON.stringify(har))
  await input.setInputFiles({ name: 'a.har', mimeType: 'application/json', buffer })
  await expectText(scene.page.locator('.toast'), 'Imported 2 events as imported')
  const bare = Buffer.from(JSON.stringify(exchange({ user: 'bare' })))
  await input.setInputFiles({ name: 'b.json', mimeType: 'application/json', buffer: bare })
  await expectText(scene.page.locator('.toast'), 'Imported 1 event as imported')

  const events = await scene.mock.application('imported').events()
  expect(events).toMatchObject([
    {
      userId: 'ada',
      event: {
        request: { verb: 'POST', body: { a: 1 } },
        response: { status: 200 },
      },
    },
    { status: 404 },
    { userId: 'bare' },
  ])
})
