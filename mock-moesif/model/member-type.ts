/** The type under which a value is indexed: an array has the type of its values, and null has none. */
export type MemberType = 'text' | 'number' | 'boolean' | 'object'

/** A member that occurred in events of one application, by its path of names. */
export interface KnownMember {
  readonly name: string
  readonly parent: KnownMember | null
  readonly members: Map<string, KnownMember>
  /** The type in the first event that had it. */
  type: MemberType | undefined
}

/** The members of earlier events of one application; new ones are recorded. */
export interface KnownTypes {
  readonly root: KnownMember
  /** Undefined when the bound on known members is reached. */
  member(parent: KnownMember, name: string): KnownMember | undefined
  /** The type recorded for the member; `found` is recorded when there is none. */
  typeOf(member: KnownMember, found: MemberType): MemberType
}
