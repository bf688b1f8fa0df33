// The page until the dashboard is built: no framework, the test API only.
const SHOWN = 200
const rows = document.querySelector('#events')
const counts = document.querySelector('#counts')

function rowOf(event) {
  const row = document.createElement('tr')
  const { id, verb, uri, status, userId, companyId, applicationId, verdict } = event
  for (const value of [id, verb, uri, status, userId, companyId, applicationId, verdict]) {
    row.insertCell().textContent = value ?? ''
  }
  return row
}

const page = await fetch('_mock/events?limit=200').then((response) => response.json())
rows.append(...page.items.map(rowOf))

const stream = new EventSource('_mock/events/stream')
stream.addEventListener('events', ({ data }) => {
  for (const event of JSON.parse(data)) rows.prepend(rowOf(event))
  while (rows.rows.length > SHOWN) rows.deleteRow(-1)
})
stream.addEventListener('reset', () => rows.replaceChildren())
stream.addEventListener('counts', ({ data }) => {
  const { received, bad } = JSON.parse(data)
  counts.textContent = `${received} received, ${bad} bad.`
})
