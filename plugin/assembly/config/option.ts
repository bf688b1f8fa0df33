import { Span, utf8 } from '../memory/span'
import { ListKind } from './list'

export const enum OptionType {
  Text,
  Flag,
  Whole,
  Choice,
  List,
  /** A list that another module reads: only its position is kept. */
  Conditions,
  /** An object, kept as it is. */
  Table,
}

/** What a text has to be. */
export const enum TextFormat {
  /** Printable ASCII, for a cluster's name or a URI. */
  Printable,
  /** Printable ASCII and blanks. */
  Words,
  /** Printable ASCII that is never shown. */
  Secret,
  /** A header's name, stored in lower case. */
  HeaderName,
}

const NONE = utf8('')

/** One row of the option table. */
@unmanaged
export class Option {
  minimum: f64
  maximum: f64
  /** Of a whole number, or a choice (its index); the kind of a list. */
  initial: u32
  /** Of a text; the words of a choice, each followed by a blank. */
  words: Span = NONE
  format: TextFormat = TextFormat.Printable
  /** A mistake in it might send what must not be sent. */
  privacy: bool

  constructor(
    public name: Span,
    public type: OptionType,
    /** Offset of its field in `Options`. */
    public field: usize,
  ) {}
}

export function text(name: Span, field: usize, initial: Span, format: TextFormat): Option {
  const option = new Option(name, OptionType.Text, field)
  option.words = initial
  option.format = format
  return option
}

/** Each is false where it is not given. */
export function flag(name: Span, field: usize, privacy: bool): Option {
  const option = new Option(name, OptionType.Flag, field)
  option.privacy = privacy
  return option
}

export function whole(
  name: Span,
  field: usize,
  initial: u32,
  minimum: f64,
  maximum: f64,
  privacy: bool,
): Option {
  const option = new Option(name, OptionType.Whole, field)
  option.initial = initial
  option.minimum = minimum
  option.maximum = maximum
  option.privacy = privacy
  return option
}

export function choice(name: Span, field: usize, initial: u32, words: Span): Option {
  const option = new Option(name, OptionType.Choice, field)
  option.initial = initial
  option.words = words
  return option
}

export function list(name: Span, field: usize, kind: ListKind): Option {
  const option = new Option(name, OptionType.List, field)
  option.initial = kind
  option.privacy = true
  return option
}

export function table(name: Span, field: usize): Option {
  return new Option(name, OptionType.Table, field)
}

export function conditions(name: Span, field: usize): Option {
  const option = new Option(name, OptionType.Conditions, field)
  option.privacy = true
  return option
}
