/** What an index takes a value for: an array is of the type of its values, and null is of none. */
export type MemberType = 'text' | 'number' | 'boolean' | 'object'

/** A member that events of one application have had, by the names that lead to it. */
export interface KnownMember {
  readonly name: string
  readonly parent: KnownMember | null
  readonly members: Map<string, KnownMember>
  /** That of the first event that had it. */
  type: MemberType | undefined
}

/** What earlier events of one application had; what is met for the first time is noted. */
export interface KnownTypes {
  readonly root: KnownMember
  /** Undefined when so many members are known that no more are. */
  member(parent: KnownMember, name: string): KnownMember | undefined
  /** The type that the member has had, or has from now on. */
  typeOf(member: KnownMember, found: MemberType): MemberType
}
