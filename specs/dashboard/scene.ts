import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from 'playwright'
import { afterAll, beforeAll, expect } from 'vitest'
import {
  type MockMoesifOptions,
  startMockMoesif,
  type StartedMockMoesif,
} from '#sandbox/mock/index.ts'
import { launchChromium } from '#specs/support/chromium.ts'
import { awaitDashboard, openDashboard, reloadDashboard } from '#specs/support/dashboard-page.ts'
import { UnreliableNetwork } from './unreliable-network.ts'

/** Pages take turns in a worker: one process serves them all, where a new one would start for each. */
const ONE_PROCESS = '--renderer-process-limit=1'

/** Chromium draws without a graphics card: of a page that nobody looks at a quarter of the pixels will do. */
const coarse = process.env['SCREENSHOTS'] ? {} : { deviceScaleFactor: 0.5 }

let browser: Promise<Browser> | undefined
let window: Promise<BrowserContext> | undefined

/**
 * One browser a worker: the project runs with `isolate: false`, and so this module is loaded once for all files of a worker.
 * Playwright ends the browser with the worker.
 */
function sharedBrowser(): Promise<Browser> {
  browser ??= launchChromium(ONE_PROCESS)
  return browser
}

/** A window takes Chromium longer than a tab does: what asks for nothing special shares one, each on an origin of its own. */
async function openWindow(options?: BrowserContextOptions): Promise<BrowserContext> {
  if (options) return newWindow(options)
  window ??= newWindow()
  return window
}

async function newWindow(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const usual = { viewport: { width: 1440, height: 900 }, ...coarse }
  const opened = await (await sharedBrowser()).newContext({ ...usual, ...options })
  opened.setDefaultTimeout(60_000)
  return opened
}

/** Tabs of the shared window that a scene is done with: a new one takes Chromium longer than a page. */
const spare: Page[] = []

async function openTab(options?: BrowserContextOptions, ownTab = false): Promise<Page> {
  const used = options || ownTab ? undefined : spare.pop()
  return used ?? (await openWindow(options)).newPage()
}

export interface SceneOptions {
  mock?: MockMoesifOptions
  /** What follows the page's address, e.g. `?view=batches`. */
  address?: string
  context?: BrowserContextOptions
  /** The page reaches its mock through a network that can fail (`scene.network`). */
  unreliable?: boolean
  /** What is done to the tab outlasts the page in it: a clock, a size. Such a tab is not used again. */
  ownTab?: boolean
  /** Before the page opens. */
  before?: (scene: Scene) => Promise<unknown>
}

/** A mock of its own with its dashboard open in a fresh page. */
export class Scene implements AsyncDisposable {
  readonly mock: StartedMockMoesif
  readonly page: Page
  readonly #network: UnreliableNetwork | undefined
  readonly #ownTab: boolean
  /** Errors the page logged or threw, but for requests that a container of other specs broke off by coming or going. */
  readonly errors: string[] = []

  constructor(
    mock: StartedMockMoesif,
    page: Page,
    { network, ownTab = false }: { network?: UnreliableNetwork; ownTab?: boolean } = {},
  ) {
    this.mock = mock
    this.page = page
    this.#ownTab = ownTab
    this.#network = network
    page.on('pageerror', (error) => this.errors.push(error.message))
    page.on('console', (message) => {
      const text = message.text()
      if (message.type() === 'error' && !text.includes('ERR_NETWORK_CHANGED'))
        this.errors.push(`${text} (${message.location().url})`)
    })
  }

  /** Sends a batch as a gateway does. */
  async post(events: unknown[], application = 'shop'): Promise<number> {
    return postEvents(this.mock.url, events, application)
  }

  get network(): UnreliableNetwork {
    if (!this.#network) throw new Error('The scene was opened without `unreliable: true`')
    return this.#network
  }

  get list(): Locator {
    return this.page.getByRole('grid')
  }

  /** The rows in sight that contain the text; all without. */
  row(text?: string | RegExp): Locator {
    const rows = this.list.locator('.list-rows').getByRole('row')
    return text === undefined ? rows : rows.filter({ hasText: text })
  }

  get detail(): Locator {
    return this.page.getByRole('complementary', { name: 'Event' })
  }

  get query(): Locator {
    return this.page.getByRole('combobox', { name: 'Query' })
  }

  view(name: string): Promise<void> {
    return this.page.getByRole('navigation').getByRole('link', { name }).click()
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name })
  }

  link(name: string | RegExp): Locator {
    return this.page.getByRole('link', { name })
  }

  /** Loads the page at that address. */
  async open(address = ''): Promise<void> {
    await openDashboard(this.page, this.#root + address, () => this.#forgetErrors())
  }

  get #root(): string {
    return `${this.#network?.url ?? this.mock.url}/`
  }

  /** Loads the page again as the Reload button does. */
  async reload(): Promise<void> {
    await reloadDashboard(this.page, () => this.#forgetErrors())
  }

  /** The tab that an action opens. */
  async tabOpenedBy(action: () => Promise<unknown>): Promise<Page> {
    const context = this.page.context()
    const [tab, navigation] = await Promise.all([
      context.waitForEvent('page'),
      context.waitForEvent('request', (request) => request.isNavigationRequest()),
      action(),
    ])
    await awaitDashboard(tab, navigation)
    return tab
  }

  #forgetErrors(): void {
    this.errors.length = 0
  }

  /** Goes there as the Back button does: nothing is loaded again. */
  async go(address = ''): Promise<void> {
    await this.page.evaluate((search) => {
      history.pushState(null, '', `/${search}`)
      dispatchEvent(new PopStateEvent('popstate'))
    }, address)
  }

  /** Empties the mock and goes back to where the page begins, without loading it again. */
  async renew(): Promise<void> {
    await this.page.mouse.move(0, 0)
    // What the list and its bar remember ends with them.
    await this.go('?view=faults')
    await this.mock.resetAll()
    await this.mock.faults.clearAll()
    await this.go()
    await this.page.getByText('Waiting for the first event').waitFor()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { page } = this
    // Another mock may get this one's port, and with it what the page remembered.
    await page.evaluate(() => localStorage.clear()).catch(() => undefined)
    await this.#closeOtherTabs()
    if (page.context() !== (await window)) await page.context().close()
    else if (this.#ownTab || page.isClosed()) await page.close()
    else {
      page.removeAllListeners()
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      await page.goto('about:blank')
      spare.push(page)
    }
    await this.#network?.[Symbol.asyncDispose]()
    await this.mock.stop()
  }

  /** A tab that stayed would ask for its mock at every server that gets this port, as long as the browser runs. */
  async #closeOtherTabs(): Promise<void> {
    const tabs = this.page.context().pages()
    const others = tabs.filter((tab) => tab !== this.page && tab.url().startsWith(this.#root))
    await Promise.all(others.map((tab) => tab.close()))
  }
}

export async function openScene({
  mock: options,
  address,
  context,
  unreliable,
  ownTab = false,
  before,
}: SceneOptions = {}): Promise<Scene> {
  const mock = await startMockMoesif(options)
  const network = unreliable ? await UnreliableNetwork.to(mock.port) : undefined
  const page = await openTab(context, ownTab)
  const scene = new Scene(mock, page, { ...(network && { network }), ownTab })
  await before?.(scene)
  await scene.open(address)
  return scene
}

/**
 * One scene for the specs of a file, each of which begins with an empty mock. What a page or a mock remembers beyond that
 * (queries, columns, ids that begin at 1) needs a scene of its own.
 */
export function sharedScene(
  options: SceneOptions = {},
): (start?: Pick<SceneOptions, 'address' | 'before'>) => Promise<Scene> {
  let scene: Scene | undefined
  beforeAll(async () => void (scene = await openScene(options)))
  afterAll(() => scene?.[Symbol.asyncDispose]())
  return async ({ address, before } = {}) => {
    if (!scene) throw new Error('The scene is opened before the specs of a file, not at its top')
    await scene.renew()
    await before?.(scene)
    if (address) await scene.go(address)
    return scene
  }
}

export async function postEvents(
  url: string,
  events: unknown[],
  application: string,
): Promise<number> {
  const response = await fetch(`${url}/v1/events/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-moesif-application-id': application },
    body: JSON.stringify(events),
  })
  await response.body?.cancel()
  return response.status
}

/** Waits until a locator matches that many elements. */
export async function expectCount(locator: Locator, count: number): Promise<void> {
  await expect.poll(() => locator.count()).toBe(count)
}

/** Drags over an element once it stands still and nothing covers it. `from` and `to` are parts of its width. */
export async function dragOver(place: Locator, from: number, to: number): Promise<void> {
  const box = await place.boundingBox()
  if (!box) throw new Error('It has no box')
  const at = (part: number) => ({ x: part * box.width, y: 20 })
  await place.dragTo(place, { sourcePosition: at(from), targetPosition: at(to) })
}

/** Waits until the element's text is that. */
export async function expectText(locator: Locator, text: string | RegExp): Promise<void> {
  const asked = expect.poll(() => locator.textContent())
  await (typeof text === 'string' ? asked.toContain(text) : asked.toMatch(text))
}
