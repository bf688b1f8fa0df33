/** A page of a list. */
export interface Page<Item> {
  items: Item[]
  /** All matches, not only this page; null when the call was `uncounted`. */
  total: number | null
  /** Pass as `before` (newest first) or `after` (oldest first) for the next page; null at the end. */
  next: number | null
}
