import { nowMs } from '../abi/clock'
import { Options } from '../config/options'
import { AppConfig } from '../decision/app-config'
import { ConfigReader } from '../decision/config-reader'
import { RuleSet } from '../decision/rule-set'
import { RulesReader } from '../decision/rules-reader'
import { utf8 } from '../memory/span'
import { OPEN_BRACE, OPEN_BRACKET } from '../text/bytes'
import { Document, Fetched } from './document'
import { DocumentMetrics } from './document-metrics'
import { DocumentNotices } from './document-notices'

const CONFIG_PATH = utf8('/v1/config')
const RULES_PATH = utf8('/v1/rules')
const CONFIG_TAG = utf8('x-moesif-config-etag')
const RULES_TAG = utf8('x-moesif-rules-tag')

/** How often the shared schedules are looked at. */
const CHECK_MS: u64 = 500
/** A worker reads no longer than this at a time: the rest comes with the next tick. */
const SLICE_MS: u64 = 5

/**
 * What Moesif says of sampling and governance, as tables: `config` and `rules` are null until they were fetched. A new document
 * takes the place of the old one whole, when all of it was read; one that cannot be read changes nothing.
 */
@unmanaged
export class Documents {
  config: AppConfig | null = null
  /** Always null when governance is off. */
  rules: RuleSet | null = null
  private configDocument: Document
  private rulesDocument: Document
  private configReader: ConfigReader | null = null
  private rulesReader: RulesReader | null = null
  private notices: DocumentNotices
  /** Rules are asked for. */
  readonly governs: bool
  private samples: bool
  /** This worker fetched the document that is being read: it alone logs what is wrong with it. */
  private configIsOwn: bool
  private rulesAreOwn: bool
  private checkAt: u64

  constructor(
    options: Options,
    private metrics: DocumentMetrics,
  ) {
    this.governs = options.enableGovernance
    this.samples = !options.disableSampling
    this.configDocument = new Document(options, CONFIG_PATH, CONFIG_TAG, OPEN_BRACE)
    this.rulesDocument = new Document(options, RULES_PATH, RULES_TAG, OPEN_BRACKET)
    this.notices = new DocumentNotices()
  }

  /** Where anything is kept of less than everything: the configuration that says so. */
  get sampling(): AppConfig | null {
    const config = this.config
    return this.samples && config != null && config.samples ? config : null
  }

  /** False where no exchange needs a decision. */
  get areActive(): bool {
    if (this.sampling != null) return true
    const rules = this.rules
    return this.governs && (rules == null || rules.count > 0)
  }

  /** Takes over what the process has already: a new configuration begins with it. */
  adopt(now: u64): void {
    if (this.configDocument.adopt(now)) this.beginConfig(false)
    if (this.governs && this.rulesDocument.adopt(now)) this.beginRules(false)
    this.readOn()
  }

  tick(now: u64): void {
    if (now < this.checkAt && this.checkAt - now <= CHECK_MS) return this.readOn()
    this.checkAt = now + CHECK_MS
    this.adopt(now)
    this.configDocument.fetchIfDue(now)
    if (this.governs) this.rulesDocument.fetchIfDue(now)
  }

  /** Called with the answer to a batch, whose tags show whether a document is new. */
  compareTags(now: u64): void {
    this.configDocument.compareTag(now)
    if (this.governs) this.rulesDocument.compareTag(now)
  }

  /** `on_http_call_response`: true when the call was one of its own. */
  answered(token: u32, bodySize: u32, now: u64): bool {
    const ofConfig = this.configDocument.answered(token, bodySize, now)
    if (ofConfig == Fetched.Nothing) {
      const ofRules = this.rulesDocument.answered(token, bodySize, now)
      if (ofRules == Fetched.Nothing) return false
      this.note(ofRules, this.rulesDocument)
    } else this.note(ofConfig, this.configDocument)
    this.readOn()
    return true
  }

  free(): void {
    this.dropConfigReader(true)
    this.dropRulesReader(true)
    const config = this.config
    if (config != null) config.free()
    const rules = this.rules
    if (rules != null) rules.free()
    this.configDocument.free()
    this.rulesDocument.free()
    this.notices.free()
    heap.free(changetype<usize>(this))
  }

  /** Counts and logs the result of a fetch. */
  private note(result: Fetched, document: Document): void {
    if (result == Fetched.Bytes) return
    if (result == Fetched.Document || result == Fetched.Unchanged) this.metrics.fetched()
    else {
      this.metrics.failed()
      this.notices.notFetched(result, document, nowMs())
    }
  }

  private beginConfig(isOwn: bool): void {
    this.dropConfigReader(true)
    this.configIsOwn = isOwn
    this.configReader = new ConfigReader(this.configDocument.json)
  }

  private beginRules(isOwn: bool): void {
    this.dropRulesReader(true)
    this.rulesAreOwn = isOwn
    this.rulesReader = new RulesReader(this.rulesDocument.json)
  }

  /** Continues to check or read, for one slice of time. */
  private readOn(): void {
    const config = this.configDocument
    const rules = this.rulesDocument
    const until = nowMs() + SLICE_MS
    if (config.isChecking && this.isChecked(config, until)) this.beginConfig(true)
    if (rules.isChecking && this.isChecked(rules, until)) this.beginRules(true)
    const configReader = this.configReader
    if (configReader != null && configReader.read(until)) this.finishConfig(configReader)
    const rulesReader = this.rulesReader
    if (rulesReader != null && rulesReader.read(until)) this.finishRules(rulesReader)
  }

  private isChecked(document: Document, until: u64): bool {
    const result = document.checkOn(until)
    this.note(result, document)
    return result == Fetched.Document
  }

  private finishConfig(reader: ConfigReader): void {
    const config = reader.config
    const failed = config.failed
    if (this.configIsOwn) this.notices.config(reader.problems, failed)
    this.configDocument.release()
    this.dropConfigReader(failed)
    if (failed) return
    const old = this.config
    const rules = this.rules
    this.config = config
    if (rules != null) rules.link(config)
    if (old != null) old.free()
  }

  private finishRules(reader: RulesReader): void {
    const rules = reader.rules
    const failed = !rules.rank()
    if (this.rulesAreOwn) {
      this.metrics.invalidRules(reader.problems.count)
      this.notices.rules(reader.problems, failed)
    }
    this.rulesDocument.release()
    this.dropRulesReader(failed)
    if (failed) return
    const old = this.rules
    this.rules = rules
    const config = this.config
    if (config != null) rules.link(config)
    if (old != null) old.free()
  }

  private dropConfigReader(whole: bool): void {
    const reader = this.configReader
    this.configReader = null
    if (reader != null) reader.free(whole)
  }

  private dropRulesReader(whole: bool): void {
    const reader = this.rulesReader
    this.rulesReader = null
    if (reader != null) reader.free(whole)
  }
}
