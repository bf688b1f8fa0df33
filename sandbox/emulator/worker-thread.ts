import { Exchange } from './exchange/exchange.ts'
import { checkScript, type ExchangeScript } from './exchange/exchange-script.ts'
import type { Host } from './host/host.ts'
import type { Plugin } from './plugin.ts'
import type { PluginSettings } from './contexts/plugin-settings.ts'
import { RootContext } from './contexts/root-context.ts'
import { Stream } from './contexts/stream.ts'
import type { StreamFacts } from './contexts/stream-facts.ts'
import { Vm, type VmSettings } from './vm/vm.ts'

/** One thread of the emulated Envoy: its VMs, and the streams open on it. The main thread never has a stream. */
export class WorkerThread {
  readonly name: string
  readonly #host: Host
  readonly #isCanary: boolean
  readonly #vms = new Map<string, Vm>()
  readonly #roots = new Map<string, RootContext>()
  readonly #streams = new Set<Stream>()
  readonly #defaultPlugin: () => Plugin

  constructor(name: string, host: Host, defaultPlugin: () => Plugin, isCanary = false) {
    this.name = name
    this.#host = host
    this.#defaultPlugin = defaultPlugin
    this.#isCanary = isCanary
  }

  get memoryPages(): number {
    return Math.max(0, ...[...this.#vms.values()].map((vm) => vm.memory.pages))
  }

  get openStreams(): number {
    return this.#streams.size
  }

  /** A stream of the plugin configured last, or of the one given. */
  stream(plugin: Plugin = this.#defaultPlugin()): Stream {
    return this.#open(plugin)
  }

  /**
   * Plays a whole exchange, from the first callback to on_delete, through one plugin or a chain of several: requests pass them
   * in this order, responses in the other. Where a filter holds it, it stays open until the filter lets it go on.
   */
  exchange(
    script: ExchangeScript = {},
    chain: Plugin | readonly Plugin[] = this.#defaultPlugin(),
  ): Exchange {
    checkScript(script)
    const [first, ...more] = [chain].flat() as Plugin[]
    const head = this.stream(first)
    return new Exchange([head, ...more.map((plugin) => this.#open(plugin, head.facts))], script)
  }

  /** The root context of a plugin here, e.g. to look at its state. */
  root(plugin: Plugin = this.#defaultPlugin()): RootContext | undefined {
    return this.#roots.get(plugin.key)
  }

  /** @internal Makes the root context; false when the plugin refuses. A VM is shared by vm_id and its configuration. */
  load(key: string, settings: PluginSettings): boolean {
    const vmKey = vmKeyOf(settings)
    let vm = this.#vms.get(vmKey)
    if (!vm) {
      vm = new Vm(settings, this.#host, this.name)
      this.#vms.set(vmKey, vm)
    }
    const root = new RootContext(vm, settings, this.#isCanary)
    const accepted = root.start()
    if (accepted && !this.#isCanary) this.#roots.set(key, root)
    else {
      root.cancel()
      if (this.#isCanary) this.#vms.delete(vmKey)
    }
    return accepted
  }

  /** @internal */
  unload(key: string): void {
    const root = this.#roots.get(key)
    if (!root) return
    this.#roots.delete(key)
    const shared = [...this.#roots.values()].some((other) => other.vm === root.vm)
    root.end(!shared)
    if (!shared) {
      for (const [vmKey, vm] of this.#vms) if (vm === root.vm) this.#vms.delete(vmKey)
    }
  }

  /** @internal Process end: streams are logged as cut off, then every root is ended with its final flush. */
  shutDown(): void {
    for (const stream of this.#streams) {
      stream.facts.codeDetails = 'downstream_local_disconnect(purging_socket)'
      if (stream.link) stream.link.cutOff()
      else stream.end()
    }
    for (const root of this.#roots.values()) root.end(true)
    this.#roots.clear()
    this.#vms.clear()
  }

  #open(plugin: Plugin, facts?: StreamFacts): Stream {
    const loaded = this.#roots.get(plugin.key)
    if (!loaded) {
      const { pluginName } = plugin.settings
      throw new Error(`The plugin ${pluginName} is not on ${this.name}: ${plugin.absence}`)
    }
    const root = this.#reloaded(plugin.key, loaded)
    const stream = new Stream(root, (ended) => this.#streams.delete(ended), facts)
    this.#streams.add(stream)
    return stream
  }

  /** FAIL_RELOAD: the first stream after the back-off gets a new VM, with the same configuration. */
  #reloaded(key: string, root: RootContext): RootContext {
    const { trap } = root.vm
    const { failurePolicy } = root.plugin
    if (!trap || failurePolicy !== 'FAIL_RELOAD') return root
    if (this.#host.clock.now < trap.at + RELOAD_AFTER_MS) return root
    const vm = new Vm(root.plugin, this.#host, this.name)
    this.#vms.set(vmKeyOf(root.plugin), vm)
    const reloaded = new RootContext(vm, root.plugin, this.#isCanary)
    root.cancel()
    // One that traps again, or refuses, is tried again after the next back-off.
    reloaded.start()
    this.#roots.set(key, reloaded)
    return reloaded
  }
}

/** Envoy's `reload_config.backoff` unless configured, to which it adds up to a half at random. */
const RELOAD_AFTER_MS = 1_000

/** Modules by number, since equal names need not be equal code. */
const moduleNumbers = new WeakMap<WebAssembly.Module, number>()
let lastModuleNumber = 0

/** @internal Plugins of one key share a VM. */
export function vmKeyOf(settings: VmSettings): string {
  const { compiled } = settings.module
  const number = moduleNumbers.get(compiled) ?? ++lastModuleNumber
  moduleNumbers.set(compiled, number)
  const { vmId, vmConfiguration, environment } = settings
  return JSON.stringify([number, vmId, Buffer.from(vmConfiguration).toString('hex'), environment])
}
