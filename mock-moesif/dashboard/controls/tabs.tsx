/** A row of choices, one of them selected; arrow keys move along it. */
export function Tabs<Name extends string>(props: {
  label: string
  options: (readonly [name: Name, title: string])[]
  chosen: Name
  onChoose: (name: Name) => void
}) {
  const { label, options, chosen, onChoose } = props
  return (
    <div
      class="tabs"
      role="radiogroup"
      aria-label={label}
      onKeyDown={(event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
        if (step === undefined) return
        event.preventDefault()
        const at = options.findIndex(([name]) => name === chosen)
        const to = (at + step + options.length) % options.length
        const next = options[to]
        if (next) onChoose(next[0])
        event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]').item(to).focus()
      }}
    >
      {options.map(([name, title]) => (
        <button
          key={name}
          type="button"
          role="radio"
          aria-checked={name === chosen}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {title}
        </button>
      ))}
    </div>
  )
}
