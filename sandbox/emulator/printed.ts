import type { InspectOptions } from 'node:util'

/** Shows what it holds, though its members are private: to console.log by `inspect`, to vitest's differences by `toJSON`. */
export abstract class Printed {
  /** @note vitest shows a copy, without the private members, of what has no tag of its own. */
  get [Symbol.toStringTag](): string {
    return this.constructor.name
  }

  [Symbol.for('nodejs.util.inspect.custom')](
    _depth: number,
    options: InspectOptions,
    inspect: (value: unknown, options: InspectOptions) => string,
  ): string {
    return `${this.constructor.name} ${inspect(this.toJSON(), options)}`
  }

  abstract toJSON(): unknown
}
