import { Tabs } from '../controls/tabs.tsx'
import { chartMetric, weighted } from '../live/preferences.ts'

/** What the chart shows, and whether events are counted with their weight. */
export function ChartMetric() {
  return (
    <>
      <Tabs
        label="Chart"
        options={[
          ['events', 'Events'],
          ['errors', 'Errors'],
          ['latency', 'Latency'],
        ]}
        chosen={chartMetric.value}
        onChoose={(name) => (chartMetric.value = name)}
      />
      <button
        type="button"
        class="quiet"
        aria-pressed={weighted.value}
        title="Count each event by its weight"
        onClick={() => (weighted.value = !weighted.value)}
      >
        Weighted
      </button>
    </>
  )
}
