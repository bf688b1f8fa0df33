import { NameList } from '../text/name-list'

/** Which headers a list names: by name, by pattern, and single cookies in one. All in lower case. */
@unmanaged
export class HeaderSelection {
  /** The option is given, even if its list is empty. */
  given: bool = false
  names: NameList = new NameList()
  patterns: NameList = new NameList()
  cookies: NameList = new NameList()

  clear(): void {
    this.given = false
    this.names.clear()
    this.patterns.clear()
    this.cookies.clear()
  }

  free(): void {
    this.clear()
    heap.free(changetype<usize>(this.names))
    heap.free(changetype<usize>(this.patterns))
    heap.free(changetype<usize>(this.cookies))
    heap.free(changetype<usize>(this))
  }
}
