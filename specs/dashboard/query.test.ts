import { expect, test } from 'vitest'
import { openDashboard } from '#specs/support/dashboard-page.ts'
import { exchange } from './exchange.ts'
import { expectCount, expectText, openScene, sharedScene, type Scene } from './scene.ts'

const fresh = sharedScene()

const traffic = (scene: Scene) =>
  scene.post([
    exchange({ verb: 'GET', status: 200, user: 'ada' }),
    exchange({ verb: 'POST', status: 500, user: 'ada', requestBody: { sku: 'needle' } }),
    exchange({ verb: 'POST', status: 201, user: 'grace' }),
    exchange({ verb: 'DELETE', status: 404, user: 'grace', uri: 'https://api.example.com/health' }),
  ])

test('filters as one types, and what arrives later too', async () => {
  const scene = await fresh({ before: traffic })
  await expectCount(scene.row(), 4)

  await scene.query.fill('verb:POST')
  await expectCount(scene.row(), 2)
  await scene.post([
    exchange({ verb: 'POST', user: 'late' }),
    exchange({ verb: 'GET', user: 'other' }),
  ])

  await scene.row('late').waitFor()
  await expectCount(scene.row(), 3)
  await expectText(scene.page.locator('.list-count'), '3 events')
})

test('finds by what only the event itself holds', async () => {
  const scene = await fresh({ before: traffic })

  await scene.query.fill('body:needle')
  await expectCount(scene.row(), 1)
  await scene.post([exchange({ responseBody: { note: 'another needle' }, user: 'late' })])

  await scene.row('late').waitFor()
  await expectCount(scene.row(), 2)
})

test('completes fields and values that were seen', async () => {
  await using scene = await openScene({ before: traffic })
  await expectCount(scene.row(), 4)
  await scene.page.keyboard.press('/')
  await scene.page.keyboard.type('us')
  await scene.page.getByRole('option', { name: /^user/ }).waitFor()

  await scene.page.keyboard.press('ArrowDown')
  await scene.page.keyboard.press('Enter')
  await scene.page.getByRole('option', { name: /^grace/ }).click()

  await expect.poll(() => scene.query.inputValue()).toBe('user:grace ')
  await expectCount(scene.row(), 2)
})

test('offers values that arrive after they were asked for', async () => {
  await using scene = await openScene()
  await scene.query.fill('user:')
  expect(await scene.page.getByRole('option').count()).toBe(0)

  await traffic(scene)

  await scene.page.getByRole('option', { name: /^grace/ }).waitFor()
  await scene.query.press('Escape')
  await expectCount(scene.page.getByRole('option'), 0)
})

test('says what it does not understand, under the place', async () => {
  const scene = await fresh({ before: traffic })
  await scene.query.fill('verb:POST stat:500 ')

  await expectText(scene.page.getByRole('alert'), /no field "stat".*status/)
  await expect.poll(() => scene.query.getAttribute('aria-invalid')).toBe('true')
  const field = await scene.query.boundingBox()
  const mark = await scene.page.locator('.squiggle').boundingBox()
  if (!field || !mark) throw new Error('The mark is not in sight')
  const letter = mark.width / 'stat'.length
  expect((mark.x - field.x) / letter).toBeCloseTo('verb:POST '.length, 0)
})

test('terms can be switched off and on again', async () => {
  const scene = await fresh({ before: traffic })
  await scene.query.fill('verb:POST user:grace')
  await expectCount(scene.row(), 1)

  await scene.button('user:grace').click()
  await expectCount(scene.row(), 2)
  await expect
    .poll(() => scene.button('user:grace').first().getAttribute('aria-pressed'))
    .toBe('false')
  await scene.reload()
  await scene.button('user:grace').first().click()

  await expectCount(scene.row(), 1)
  await expect.poll(() => scene.query.inputValue()).toBe('verb:POST user:grace')
})

test('offers queries used before', async () => {
  await using scene = await openScene({ before: traffic })
  await scene.query.fill('status:404')
  await scene.query.press('Enter')
  await expectCount(scene.row(), 1)
  await scene.button('Clear the query').click()
  await expectCount(scene.row(), 4)
  await scene.page.locator('.list').focus()

  await scene.query.focus()
  await scene.page
    .getByRole('option', { name: /status:404/ })
    .first()
    .click()

  await expectCount(scene.row(), 1)
})

test('a link shows the same query and the same event', async () => {
  await using scene = await openScene({ before: traffic })
  await scene.query.fill('user:grace')
  await expectCount(scene.row(), 2)
  await scene.row('DELETE').click()
  await expectText(scene.detail, /api\.example\.com\/health/)
  const link = scene.page.url()

  const other = await scene.page.context().newPage()
  await openDashboard(other, link)

  await expectText(other.getByRole('complementary', { name: 'Event' }), /api\.example\.com\/health/)
  await expectCount(other.locator('.list-rows').getByRole('row'), 2)
  await expect
    .poll(() => other.getByRole('combobox', { name: 'Query' }).inputValue())
    .toBe('user:grace')
})

test('the Back button closes what was opened', async () => {
  const scene = await fresh({ before: traffic })
  await scene.row('DELETE').click()
  await scene.detail.waitFor()

  await scene.page.goBack()

  await scene.detail.waitFor({ state: 'detached' })
})

test('an answerless query says so and can be cleared', async () => {
  const scene = await fresh({ before: traffic })
  await scene.query.fill('user:nobody')
  await scene.page.getByText('No event matches').waitFor()

  await scene.page.locator('.empty').getByRole('button', { name: 'Clear the query' }).click()

  await expectCount(scene.row(), 4)
})

test.each([
  ['status:abc', '"abc" is not understood'],
  ['verb:GET OR', 'OR needs a condition on both sides'],
  ['"unclosed', 'the closing " is missing'],
  ['verb:POST stat:500', 'there is no field "stat"'],
])('%s is an error without rows, after a reload too', async (query, message) => {
  const scene = await fresh({ before: traffic })
  await expectCount(scene.row(), 4)

  await scene.query.pressSequentially(query)
  await scene.query.press('Enter')
  for (const reloaded of [false, true]) {
    if (reloaded) await scene.reload()
    await expectText(scene.page.getByRole('alert'), message)
    await scene.page.getByText('This query is not understood').waitFor()
    await expectCount(scene.row(), 0)
    expect(await scene.page.locator('.list-count').textContent()).not.toContain('events')
  }
  await scene.query.fill('verb:POST')
  await expectCount(scene.row(), 2)
})

test('nothing is asked with a query that the box shows as wrong', async () => {
  const scene = await fresh({ before: traffic })
  await expectCount(scene.row(), 4)
  const before = scene.errors.length

  for (const query of ['user:(ada', 'AND', 'time:', 'verb:POST age:']) {
    await scene.query.fill('')
    await expectCount(scene.row(), 4)
    await scene.query.pressSequentially(query)
    await scene.query.press('Enter')
    await scene.page.getByText('This query is not understood').waitFor()
  }

  expect(scene.errors.slice(before)).toEqual([])
})

test('Back goes one query back', async () => {
  const scene = await fresh({ before: traffic })
  await expectCount(scene.row(), 4)
  await scene.query.pressSequentially('verb:POST')
  await expectCount(scene.row(), 2)
  await scene.query.press('Enter')
  await scene.query.pressSequentially(' user:grace')
  await scene.query.press('Enter')
  await expectCount(scene.row(), 1)

  await scene.page.goBack()
  await expect.poll(() => scene.query.inputValue()).toBe('verb:POST')
  await expectCount(scene.row(), 2)
  await scene.page.goBack()
  await expect.poll(() => scene.query.inputValue()).toBe('')
  await expectCount(scene.row(), 4)
})
