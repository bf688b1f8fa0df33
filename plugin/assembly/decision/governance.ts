import { BodyView, Subject } from '../conditions/subject'
import { AppConfig } from './app-config'
import { viewOfAwaited } from './body-view'
import { Decision } from './decision'
import { govern } from './govern'
import { GovernanceMetrics } from './governance-metrics'
import { Reply } from './reply'
import { Rule } from './rule'
import { RuleSet } from './rule-set'
import { Ruling } from './ruling'

/**
 * Evaluates the rules for a request and applies the result to its decision; what goes to the client is in `reply`. One instance for
 * all requests: valid until the callback ends.
 */
@unmanaged
export class Governance {
  readonly reply: Reply = new Reply()
  private ruling: Ruling = new Ruling()
  private blocker: Rule | null = null

  /**
   * The request's headers are here.
   *
   * @param mostBytes of a body that a rule may look at; 0 where there is none
   * @returns whether a rule waits for the body
   */
  askAtHeaders(rules: RuleSet, config: AppConfig | null, subject: Subject, mostBytes: u32): bool {
    if (rules.looksAtBody) subject.bodyView = viewOfAwaited(subject.facts, mostBytes)
    this.ask(rules, config, subject)
    subject.bodyView = BodyView.None
    return this.ruling.waits
  }

  /** The request is no longer waited for: what is unknown of it meets no condition. */
  ask(rules: RuleSet, config: AppConfig | null, subject: Subject): void {
    subject.isInDoubt = false
    govern(rules, config, subject, this.ruling)
  }

  /** Keeps what the rules ask for. True when one of them refuses the request: `reply` is to be sent, then `refused` to be called. */
  apply(rules: RuleSet, isInDoubt: bool, decision: Decision, metrics: GovernanceMetrics): bool {
    const ruling = this.ruling
    const blocker = ruling.blocker(rules)
    this.blocker = blocker
    if (blocker == null && isInDoubt) metrics.failedOpen()
    if (!ruling.count) return false
    if (!this.reply.compose(rules, ruling, blocker)) {
      metrics.failedOpen()
      return false
    }
    if (blocker != null) return true
    this.mark(decision, metrics)
    return false
  }

  /** It is too late to refuse: keeps only the headers for the response. */
  applyMarks(rules: RuleSet, decision: Decision, metrics: GovernanceMetrics): void {
    const ruling = this.ruling
    if (ruling.count && this.reply.compose(rules, ruling, null)) this.mark(decision, metrics)
  }

  /** The reply has been sent. */
  refused(decision: Decision, metrics: GovernanceMetrics): void {
    const blocker = this.blocker
    if (blocker != null) decision.setBlockedBy(blocker.id)
    metrics.blocked()
  }

  private mark(decision: Decision, metrics: GovernanceMetrics): void {
    if (!this.reply.headers) return
    decision.setMarks(this.reply.pack())
    metrics.marked()
  }
}
