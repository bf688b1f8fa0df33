import { BufferType, MapType, Status, StreamType } from '../abi/constants.ts'
import { responseTo, type CallResponse } from '../host/call-response.ts'
import type { Timer } from '../host/clock.ts'
import type { HttpCall } from '../host/callouts.ts'
import type { Context, OutgoingCall, RootFunctions } from '../vm/context.ts'
import type { HeaderMap } from '../abi/header-map.ts'
import type { PluginSettings } from './plugin-settings.ts'
import type { Vm } from '../vm/vm.ts'

/** One plugin on one thread. */
export class RootContext implements Context, RootFunctions {
  readonly id: number
  readonly vm: Vm
  readonly plugin: PluginSettings
  /** The throw-away VM that tries a configuration: its calls are taken and never sent, its ticks never come. */
  readonly isCanary: boolean
  state: 'live' | 'waiting for proxy_done' | 'deleted' = 'live'
  callStatus = { code: 0, message: '' }
  /** The plugin configuration can be read in on_context_create and on_configure. */
  #configurationIsOpen = false
  #tick: Timer | null = null
  #period = 0
  #calls = new Map<number, { call: HttpCall; timer: Timer | null }>()
  #response: CallResponse | null = null
  /** What was asked for last: Envoy answers to CallData with it. */
  #lastBuffer: Uint8Array = noBytes

  constructor(vm: Vm, plugin: PluginSettings, isCanary: boolean) {
    this.vm = vm
    this.plugin = plugin
    this.isCanary = isCanary
    this.id = vm.nextContextId()
    vm.contexts.set(this.id, this)
  }

  get pluginName(): string {
    return this.plugin.pluginName
  }

  get root(): RootContext {
    return this
  }

  /** @returns whether on_vm_start and on_configure accepted; a trap is a refusal. */
  start(): boolean {
    this.#configurationIsOpen = true
    this.vm.call('proxy_on_context_create', this, this.id, 0)
    this.#configurationIsOpen = false
    const started = this.vm.call(
      'proxy_on_vm_start',
      this,
      this.id,
      this.plugin.vmConfiguration.length,
    )
    if (this.vm.trap || started === 0) return false
    this.#configurationIsOpen = true
    const size = this.plugin.configuration.length
    const configured = this.vm.call('proxy_on_configure', this, this.id, size)
    this.#configurationIsOpen = false
    return !this.vm.trap && configured !== 0
  }

  /** Every call restarts the timer, also with the same period; 0 stops it. */
  setTickPeriod(ms: number): void {
    this.#period = ms
    this.#arm()
  }

  /** Accepts the call or returns why not; the answer comes to on_http_call_response when the clock reaches its time. */
  httpCall(call: OutgoingCall): { result: Status; token: number } {
    const { clock, callouts } = this.vm.host
    const missing = [':method', ':path', ':authority'].some((name) => !call.headers.get(name))
    const unknown = call.cluster === '' || callouts.clusters?.has(call.cluster) === false
    if (missing || unknown || call.timeoutMs < 0) return { result: Status.BadArgument, token: 0 }
    if (this.isCanary) return { result: Status.Ok, token: this.vm.nextCallToken() }
    const record: HttpCall = {
      ...call,
      headers: call.headers.toObject(),
      trailers: call.trailers.toObject(),
      at: clock.now,
      thread: this.vm.thread,
      state: 'pending',
      answer: { silent: true },
    }
    const answer = callouts.take(record)
    if ('refuse' in answer) return { result: answer.refuse, token: 0 }
    const token = this.vm.nextCallToken()
    const due = responseTo(answer, call.timeoutMs)
    const timer = due && clock.after(due.delayMs, () => this.#answer(token, due.response))
    this.#calls.set(token, { call: record, timer })
    return { result: Status.Ok, token }
  }

  queueReady(id: number): void {
    if (this.state !== 'deleted') this.vm.call('proxy_on_queue_ready', this, this.id, id)
  }

  /**
   * The final flush: on_done, then on_delete unless the plugin asks to wait for its proxy_done().
   * @param vmEnds the VM goes with this root (new code or vm_id, listener removed, process end): no answer comes back
   */
  end(vmEnds: boolean): void {
    if (this.state !== 'live') return
    this.state = 'waiting for proxy_done'
    const done = this.vm.call('proxy_on_done', this, this.id)
    if (done !== 0) this.finish()
    if (vmEnds) this.cancel()
  }

  /** proxy_done(): on_delete follows once the running callback is over. */
  finish(): boolean {
    if (this.state !== 'waiting for proxy_done') return false
    this.vm.afterCallback(() => {
      if (this.state !== 'waiting for proxy_done') return
      this.vm.call('proxy_on_delete', this, this.id)
      this.cancel()
    })
    return true
  }

  /** No tick and no answer from here on. */
  cancel(): void {
    this.state = 'deleted'
    this.vm.contexts.delete(this.id)
    this.#tick?.cancel()
    for (const { call, timer } of this.#calls.values()) {
      timer?.cancel()
      call.state = 'cancelled'
    }
    this.#calls.clear()
  }

  headerMap(type: number): HeaderMap | null {
    // A response without trailers has no such map.
    if (type === MapType.HttpCallResponseHeaders) return nonEmpty(this.#response?.headers)
    return type === MapType.HttpCallResponseTrailers ? nonEmpty(this.#response?.trailers) : null
  }

  get isLogging(): boolean {
    return false
  }

  writableMap(): null {
    return null
  }

  buffer(type: number): Uint8Array | null {
    if (type === BufferType.CallData) return this.#lastBuffer
    const bytes = this.bytesOf(type)
    if (bytes) this.#lastBuffer = bytes
    return bytes
  }

  /** A buffer of the root, which its streams can read, too. */
  bytesOf(type: number): Uint8Array | null {
    if (type === BufferType.HttpCallResponseBody) return this.#response?.body ?? null
    if (type === BufferType.VmConfiguration) return this.plugin.vmConfiguration
    if (type !== BufferType.PluginConfiguration) return noBytes
    return this.#configurationIsOpen ? this.plugin.configuration : null
  }

  replaceBuffer(type: number): Status {
    return this.buffer(type) ? Status.BadArgument : Status.NotFound
  }

  property(path: readonly string[]): Uint8Array | Status | null {
    const { pluginName, rootId, vmId } = this.plugin
    const values: Record<string, string> = {
      plugin_name: pluginName,
      plugin_root_id: rootId,
      plugin_vm_id: vmId,
    }
    const name = path.join('.')
    const value = this.plugin.properties[name] ?? values[name]
    if (value !== undefined) return Buffer.from(value)
    // Some of its attributes are those of the whole process.
    return name === 'xds' ? Status.SerializationFailure : null
  }

  /** What a plugin sets belongs to a stream. */
  setProperty(): Status {
    return Status.NotFound
  }

  sendLocalResponse(): void {}

  continueStream(type: number): Status {
    if (type === StreamType.Upstream) return Status.Unimplemented
    return type >>> 0 > StreamType.Upstream ? Status.BadArgument : Status.Ok
  }

  closeStream(type: number): Status {
    return type >>> 0 > StreamType.Upstream ? Status.BadArgument : Status.Ok
  }

  #arm(): void {
    this.#tick?.cancel()
    this.#tick = null
    if (this.#period === 0 || this.isCanary || this.state === 'deleted') return
    this.#tick = this.vm.host.clock.after(this.#period, () => {
      this.vm.call('proxy_on_tick', this, this.id)
      this.#arm()
    })
  }

  #answer(token: number, response: CallResponse): void {
    const pending = this.#calls.get(token)
    if (!pending) return
    this.#calls.delete(token)
    pending.call.state = 'answered'
    const wasReset = response.headers.size === 0
    // Of a reset only the code stays, stale also after calls that succeed: a plugin should not rely on it.
    if (wasReset) this.callStatus = { code: RESET, message: 'reset' }
    else this.#response = response
    // A stream that the callback resumes or answers no longer sees the response.
    this.vm.beforeActions(() => {
      this.#response = null
      this.callStatus.message = ''
    })
    this.vm.call(
      'proxy_on_http_call_response',
      this,
      this.id,
      token,
      response.headers.size,
      response.body.length,
      response.trailers.size,
    )
  }
}

const RESET = 11

const nonEmpty = (map: HeaderMap | undefined): HeaderMap | null => (map?.size ? map : null)

const noBytes = new Uint8Array(0)
