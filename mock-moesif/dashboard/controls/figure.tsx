/** One number of several that are read together. */
export function Figure(props: { name: string; value: string; tone?: string }) {
  return (
    <div class={`figure ${props.tone ?? ''}`}>
      <b>{props.value}</b>
      <span>{props.name}</span>
    </div>
  )
}
