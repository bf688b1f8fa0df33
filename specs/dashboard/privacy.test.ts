import { expect, test } from 'vitest'
import { gatewaySpec, healthy, startAdmin } from './admin.ts'
import { exchange } from './exchange.ts'
import { expectCount, expectText, openScene, type Scene } from './scene.ts'

const masked = exchange({
  verb: 'POST',
  uri: 'https://api.example.com/orders?page=2&token=*****',
  user: 'ada',
  requestHeaders: { cookie: 'theme=dark; session=*****', accept: '*/*' },
  requestBody: { name: 'Ada', password: '*****' },
  responseBody: { msg: 'body left out: it cannot be masked, since it is compressed', length: 7 },
  more: { metadata: { route: 'orders', region: 'eu' } },
})

const options = {
  request_query_masks: ['token'],
  request_header_masks: ['authorization', 'cookie:session'],
  request_body_masks: ['password', '$.card.number'],
  response_body_masks: ['access_token'],
  user_id_sources: ['jwt:authorization:sub'],
  metadata: { region: 'eu' },
}

/** What stands in the row of a field: what it left as, and what governs it. */
const row = (scene: Scene, field: string) =>
  scene.detail
    .getByRole('region', { name: 'What left' })
    .getByRole('row')
    .filter({ has: scene.page.getByRole('rowheader', { name: field, exact: true }) })

test('marks masked values as such wherever they are', async () => {
  await using scene = await openScene({ before: (it) => it.post([masked]) })
  await scene.row('/orders').click()
  const request = scene.detail.getByRole('region', { name: 'Request' })

  await expectCount(request.getByText('masked', { exact: true }), 3)
  for (const text of [/^\*{5}masked$/, 'theme=dark; session=*****masked', '"*****"masked'])
    await request.getByRole('button').filter({ hasText: text }).first().waitFor()
  await expectText(scene.detail, 'Left out: it cannot be masked, since it is compressed.')
})

test('shows of every field what left, and which option governs it', async () => {
  await using admin = await startAdmin(healthy)
  await using scene = await openScene({
    mock: { gateway: gatewaySpec(admin.url, options) },
    before: (it) => it.post([masked], 'secret-id-1234'),
  })
  await scene.row('/orders').click()

  await scene.button('What left').click()

  const expected: [field: string, text: RegExp][] = [
    ['request.verb', /sent POST\s*always sent$/],
    ['request.uri', /masked https.*token=\*{5}\s*request_query_masks: token$/],
    ['request.headers.cookie', /masked theme=dark.*request_header_masks: .*cookie:session/],
    ['request.headers.accept', /sent \*\/\*\s*request_header_masks/],
    ['request.headers', /left out any that request_header_masks names/],
    ['request.body', /masked .*Ada.*request_body_masks: password, \$\.card\.number$/],
    ['request.ip_address', /sent 203\.0\.113\.7\s*client_ip_sources$/],
    ['response.body', /left out it cannot be masked, since it is compressed\s*response_body_masks/],
    ['user_id', /sent ada\s*user_id_sources: jwt:authorization:sub$/],
    ['session_token', /not sent\s*session_token_sources$/],
    ['metadata.region', /sent eu\s*metadata: /],
  ]
  for (const [field, text] of expected) await expectText(row(scene, field), text)

  await scene.page.keyboard.press('w')
  await scene.detail.getByRole('region', { name: 'Request' }).waitFor()
})

test('names the options that govern a field where those in force are not known', async () => {
  await using scene = await openScene({ before: (it) => it.post([masked]) })
  await scene.row('/orders').click()

  await scene.page.keyboard.press('w')

  await expectText(row(scene, 'request.body'), /request_body_masks, capture_body_content_types/)
  expect(await row(scene, 'request.headers').count()).toBe(0)
  await scene.page.getByText('The options of this gateway are not known').waitFor()
})
