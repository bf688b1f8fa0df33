import type { Condition } from './ast.ts'
import type { Field } from './fields.ts'
import { readField, wholeTexts } from './read-event.ts'
import type { Value } from './read-row.ts'
import { Reading } from './reading.ts'
import type { Subject } from './subject.ts'

/** A row with its event. */
export class EventReading extends Reading {
  declare protected readonly row: Subject

  protected override read(field: Field, condition: Condition): Value[] {
    return readField(field, condition, this.row, this.now)
  }

  protected override wholeTexts(field: Field, values: Value[]): string[] {
    return wholeTexts(field, this.row, values)
  }
}
