/** The status answered to a request, or that there was none. */
export function Answer({ answer }: { answer: number | null }) {
  if (answer === null) return <span class="status s4">none</span>
  const kind = answer < 300 ? 1 : answer < 500 ? 3 : 4
  return <span class={`status s${kind}`}>{answer}</span>
}
