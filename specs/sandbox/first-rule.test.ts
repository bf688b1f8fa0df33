import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { launchChromium } from '#specs/support/chromium.ts'
import { CliProcess } from '#specs/support/cli-process.ts'
import { openDashboard } from '#specs/support/dashboard-page.ts'
import { Page } from '#specs/support/page.ts'

const run = promisify(execFile)
const governance = await Page.read('docs/governance.md')
const readme = await Page.read('README.md')

test('a rule made in the dashboard refuses a call within two minutes, and its event leads to it', async () => {
  const curl = governance.block('refused-call')
  const [status = '', body = ''] = governance.block('refused-answer').split('\n')
  expect(readme.block('refused-call')).toBe(curl)
  const began = performance.now()
  const anyPorts = ['--port', '0', '--mock-port', '0', '--admin-port', '0']
  await using cli = new CliProcess(['start', ...anyPorts, '--runtime', inject('envoyRuntime').name])
  const gateway = new URL(await cli.prints(/Gateway\s+(http:\S+)/))
  const dashboard = await cli.prints(/Dashboard\s+(http:\S+)/)
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await openDashboard(page, `${dashboard}/?view=rules`)
    await page.getByRole('button', { name: 'New rule' }).click()
    const form = page.getByRole('form', { name: 'Rule' })
    await form.getByLabel('Name').fill('Free plan')
    await form.getByLabel(/^User ids/).fill('ada plan=Free')
    await form.getByLabel('Body, JSON or text').fill('{"error": "the {{plan}} plan is used up"}')
    await form.getByRole('button', { name: 'Save rule' }).click()
    await page.getByRole('row', { name: /Free plan/ }).waitFor()

    let refused = ''
    await expect
      .poll(
        async () => {
          const here = curl.replace('localhost:10000', gateway.host)
          refused = (await run('sh', ['-c', here])).stdout
          return refused.split('\r\n')[0]
        },
        { timeout: 60_000, interval: 1000 },
      )
      .toBe(status)
    expect(refused.split('\r\n\r\n')[1]).toBe(body)

    // Only events of calls that were refused: rows give their elements to others while more come in.
    await openDashboard(page, `${dashboard}/?q=status:429`)
    await page.getByRole('grid').getByRole('row', { name: /429/ }).first().click()
    const detail = page.getByRole('complementary', { name: 'Event' })
    await detail.getByText('Blocked by').waitFor()
    await detail
      .locator('.facts')
      .getByRole('link', { name: /^rule-/ })
      .click()
    await page.getByRole('row', { name: /Free plan/ }).waitFor()
  } finally {
    await browser.close()
  }
  expect(performance.now() - began).toBeLessThan(120_000)
})
