import type { Page, Request } from 'playwright'

const ATTEMPTS = 3

/**
 * Loads a page of the dashboard until it is live and whole: Chromium breaks off loading when a container of other specs comes
 * or goes (ERR_NETWORK_CHANGED).
 *
 * @param again called before another attempt
 * @throws what the last attempt failed with
 */
export function openDashboard(page: Page, url: string, again?: () => void): Promise<void> {
  return load(page, url, () => page.goto(url), again)
}

/** The same for a page that is open. */
export function reloadDashboard(page: Page, again?: () => void): Promise<void> {
  return load(page, page.url(), () => page.reload(), again)
}

/** The same for a page that something else opens, e.g. a click on a link. */
export function awaitDashboard(page: Page, navigation: Request): Promise<void> {
  return load(page, navigation.url(), async () => {
    if (!(await navigation.response())) throw new Error(navigation.failure()?.errorText)
    await page.waitForLoadState()
  })
}

async function load(
  page: Page,
  url: string,
  first: () => Promise<unknown>,
  again?: () => void,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await (attempt === 1 ? first() : page.goto(url))
      await page.getByText('Live', { exact: true }).waitFor({ timeout: 30_000 })
      if (!(await hasStyles(page))) throw new Error('The style sheet was not loaded.')
      return
    } catch (reason) {
      if (attempt === ATTEMPTS) throw reason
      again?.()
      // A failure is reported before Chromium shows its error page, which breaks off what is next (microsoft/playwright#35944),
      // and that again what comes after it.
      if (String(reason).includes('net::'))
        await page.waitForURL(/^chrome-error:/, { timeout: 10_000 }).catch(() => {})
      // So would what is still loading.
      await page.goto('about:blank').catch(() => {})
    }
  }
}

/** Without them every row of a list is in sight. */
function hasStyles(page: Page): Promise<boolean> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].every(
      ({ sheet }) => sheet?.cssRules.length,
    ),
  )
}
