import type { Page } from '../model/page.ts'

/** Rows of one answer; lists read further pages until the end. */
const PAGE = 1000

/** Reads a list to its end, oldest first. */
export async function allPages<Item>(
  read: (paging: { after: number; limit: number }) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = []
  let after: number | null = 0
  while (after !== null) {
    const page: Page<Item> = await read({ after, limit: PAGE })
    items.push(...page.items)
    after = page.next
  }
  return items
}
