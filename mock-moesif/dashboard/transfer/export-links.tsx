import { withQuery } from '#mock-moesif/client/call.ts'

/** What matches a query as a file, to be imported again or opened in a browser's tools. */
export function ExportLinks({ filter }: { filter: string }) {
  return (
    <>
      {['ndjson', 'har'].map((format) => (
        <a
          key={format}
          class="button"
          href={withQuery('/_mock/events/export', { filter, format })}
          download={`events.${format}`}
        >
          Export {format.toUpperCase()}
        </a>
      ))}
    </>
  )
}
