/** Rules that fit none of the benchmarks' requests: a verb, a route of its own, half of them a header besides. */
export function rulesOf(count: number): object[] {
  const types = ['regex', 'regex', 'user', 'company']
  return Array.from({ length: count }, (_, i) => ({
    _id: `rule-${i}`,
    type: types[i % 4],
    block: true,
    applied_to: 'not_matching',
    regex_config: [
      {
        conditions: [
          { path: 'request.verb', value: i % 3 ? '^(GET|POST)$' : '^DELETE$' },
          { path: 'request.route', value: `^/${'abcdefgh'[i % 8]}${i}/[a-z]+/[0-9]+$` },
          ...(i % 2 ? [{ path: 'request.headers.x-plan', value: '^free$' }] : []),
        ],
      },
    ],
    response: { status: 403, headers: {}, body: { rule: i } },
  }))
}
