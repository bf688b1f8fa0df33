import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright'
import { expect } from 'vitest'
import {
  type MockMoesifOptions,
  startMockMoesif,
  type StartedMockMoesif,
} from '#sandbox/mock/index.ts'
import { findChromium } from '#specs/support/chromium.ts'
import { UnreliableNetwork } from './unreliable-network.ts'

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Pages take turns in a worker: one process serves them all, where a new one would start for each.
  '--renderer-process-limit=1',
]

/** Chromium draws without a graphics card: of a page that nobody looks at a quarter of the pixels will do. */
const coarse = process.env['SCREENSHOTS'] ? {} : { deviceScaleFactor: 0.5 }

let browser: Promise<Browser> | undefined
let window: Promise<BrowserContext> | undefined

/**
 * One browser a worker: the project runs with `isolate: false`, and so this module is loaded once for all files of a worker.
 * Playwright ends the browser with the worker.
 */
function sharedBrowser(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: findChromium(), args: switches })
  return browser
}

/** A window takes Chromium longer than a tab does: what asks for nothing special shares one, each on an origin of its own. */
async function openWindow(options?: BrowserContextOptions): Promise<BrowserContext> {
  const usual = { viewport: { width: 1440, height: 900 }, ...coarse }
  const shared = await sharedBrowser()
  if (options) return shared.newContext({ ...usual, ...options })
  window ??= shared.newContext(usual)
  return window
}

export interface SceneOptions {
  mock?: MockMoesifOptions
  /** What follows the page's address, e.g. `?view=batches`. */
  address?: string
  context?: BrowserContextOptions
  /** The page reaches its mock through a network that can fail (`scene.network`). */
  unreliable?: boolean
  /** Before the page opens. */
  before?: (scene: Scene) => Promise<unknown>
}

/** A mock of its own with its dashboard open in a fresh page. */
export class Scene implements AsyncDisposable {
  readonly mock: StartedMockMoesif
  readonly page: Page
  readonly #network: UnreliableNetwork | undefined
  /** Errors the page logged or threw. */
  readonly errors: string[] = []

  constructor(mock: StartedMockMoesif, page: Page, network?: UnreliableNetwork) {
    this.mock = mock
    this.page = page
    this.#network = network
    page.on('pageerror', (error) => this.errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error')
        this.errors.push(`${message.text()} (${message.location().url})`)
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
    return this.page.getByRole('navigation').getByRole('button', { name }).click()
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name })
  }

  async open(address = ''): Promise<void> {
    // Chromium breaks off loading when a container of other specs comes or goes: ERR_NETWORK_CHANGED.
    for (let attempt = 1; ; attempt++) {
      try {
        await this.page.goto(`${this.#network?.url ?? this.mock.url}/${address}`)
        await this.page.getByText('Live', { exact: true }).waitFor({ timeout: 15_000 })
        return
      } catch (reason) {
        if (attempt === 3) throw reason
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Another mock may get this one's port, and with it what the page remembered.
    await this.page.evaluate(() => localStorage.clear()).catch(() => undefined)
    await this.page.close()
    if (this.page.context() !== (await window)) await this.page.context().close()
    await this.#network?.[Symbol.asyncDispose]()
    await this.mock.stop()
  }
}

export async function openScene({
  mock: options,
  address,
  context,
  unreliable,
  before,
}: SceneOptions = {}): Promise<Scene> {
  const mock = await startMockMoesif(options)
  const network = unreliable ? await UnreliableNetwork.to(mock.port) : undefined
  const page = await openWindow(context).then((opened) => opened.newPage())
  const scene = new Scene(mock, page, network)
  await before?.(scene)
  await scene.open(address)
  return scene
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
  await expect.poll(() => locator.count(), { timeout: 10_000 }).toBe(count)
}

/** Waits until the element's text is that. */
export async function expectText(locator: Locator, text: string | RegExp): Promise<void> {
  const asked = expect.poll(() => locator.textContent(), { timeout: 10_000 })
  await (typeof text === 'string' ? asked.toContain(text) : asked.toMatch(text))
}
