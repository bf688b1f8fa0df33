import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { CDPSession, Page } from 'playwright'
import { buildDashboard } from '#mock-moesif/dashboard/build.ts'
import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { launchChromium } from '#specs/support/chromium.ts'
import { openDashboard } from '#specs/support/dashboard-page.ts'
import { Load } from './load.ts'
import { startTrace } from './trace.ts'

const held = 100_000
const perSecond = 2000
const seconds = 15

/** `npm run bench:dashboard`: the page with 100 000 events in its list while 2 000 a second arrive. */
async function run(): Promise<void> {
  await buildDashboard()
  await using mock = await startMockMoesif({ maxEvents: held * 2 })
  const load = new Load(mock.url)
  const browser = await launchChromium()
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await openDashboard(page, mock.url)

  say(`${held} events are posted while the page is open`)
  await load.post(held, 10_000)
  await page.getByText(/^100\D000 events$/).waitFor({ timeout: 300_000 })
  const session = await page.context().newCDPSession(page)

  const phases: [name: string, run: () => Promise<unknown>][] = [
    ['following', () => load.post(perSecond * seconds, perSecond)],
    ['scrolling', () => Promise.all([load.post(perSecond * seconds, perSecond), scroll(page)])],
    [
      'an event open, j and k',
      () => Promise.all([load.post(perSecond * seconds, perSecond), step(page)]),
    ],
    ['typing a query', () => Promise.all([load.post(perSecond * seconds, perSecond), type(page)])],
  ]
  say('')
  say(
    '| while 2 000 events/s arrive | longest task, CPU ms | longest task, wall ms | frames drawn/s | tasks over 50 ms |',
  )
  say('| --- | --- | --- | --- | --- |')
  let heap = 0
  for (const [name, phase] of phases) {
    // Before a query replaces the list: with all of it held.
    if (phase === phases.at(-1)?.[1]) heap = await heapMegabytes(session)
    const trace = await startTrace(session)
    const started = performance.now()
    await phase()
    const { longestCpuMs, longestWallMs, frames, overBudget } = await trace.stop()
    const rate = Math.round(frames / ((performance.now() - started) / 1000))
    say(
      `| ${name} | ${longestCpuMs.toFixed(1)} | ${longestWallMs.toFixed(1)} | ${rate} | ${overBudget} |`,
    )
  }
  say('')
  const busy = `${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`
  say(`Load average at the end: ${busy}`)
  say(`JavaScript heap after collection, 100 000 events held: ${heap} MB`)
  await browser.close()
}

async function scroll(page: Page): Promise<void> {
  const end = performance.now() + seconds * 1000
  await page.mouse.move(400, 500)
  while (performance.now() < end) {
    await page.mouse.wheel(0, 600)
    await wait(50)
  }
  await page.keyboard.press('Escape')
}

async function step(page: Page): Promise<void> {
  const end = performance.now() + seconds * 1000
  await page.locator('.list').focus()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  while (performance.now() < end) {
    await page.keyboard.press(Math.random() < 0.7 ? 'j' : 'k')
    await wait(150)
  }
  await page.keyboard.press('Escape')
}

async function type(page: Page): Promise<void> {
  const end = performance.now() + seconds * 1000
  await page.keyboard.press('/')
  while (performance.now() < end) {
    await page.keyboard.type('status:>=500 verb:POST ', { delay: 120 })
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Delete')
  }
  await page.keyboard.press('Escape')
}

async function heapMegabytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return Math.round(usedSize / 1e5) / 10
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

endWithNpm()
await run()
