import type { EventSummary } from '#mock-moesif/client/index.ts'

/** One string for all rows that say the same: each parsed message brings its own copies, and there are 100 000 rows. */
export class Interning {
  readonly #known = new Map<string, string>()

  of(row: EventSummary): EventSummary {
    row.applicationId = this.#one(row.applicationId)
    row.verb = row.verb && this.#one(row.verb)
    row.userId = row.userId && this.#one(row.userId)
    row.companyId = row.companyId && this.#one(row.companyId)
    row.direction = row.direction && this.#one(row.direction)
    return row
  }

  #one(text: string): string {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    // Values that never repeat (a user id per request) must not pile up here.
    if (this.#known.size >= 5000) this.#known.clear()
    this.#known.set(text, text)
    return text
  }
}
