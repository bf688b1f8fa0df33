export const STYLE = `
:root { color-scheme: light dark; --ok: #1a7f37; --failed: #b42318; --line: #8884; --soft: #8881; }
@media (prefers-color-scheme: dark) { :root { --ok: #4ac26b; --failed: #ff7b72; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; }
h3 { margin: 1.5rem 0 .5rem; font-size: 1.05rem; overflow-wrap: anywhere; }
h3::first-letter { text-transform: uppercase; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--soft); padding: .6rem .8rem; border-radius: 6px; max-height: 28rem; overflow: auto; }
h1 code { font-size: 1em; }
dd code, td code { overflow-wrap: anywhere; }
.sum { font-size: 1.2rem; margin: .25rem 0; }
.sum strong { font-size: 1.8rem; }
.sum.ok strong, .ok .mark, tr.ok .mark { color: var(--ok); }
.sum.failed strong, .failed .mark, tr.failed .mark { color: var(--failed); }
.mark { font-weight: 600; font-size: .85rem; display: inline-block; min-width: 3rem; }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { text-align: left; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: normal; }
thead th { font-weight: 600; }
.summary th[scope=row] { min-width: 13rem; }
.summary tr.failed td:nth-child(2) { color: var(--failed); font-weight: 600; }
meter { width: 14rem; }
.summary td { white-space: nowrap; }
.summary + .summary { margin-top: 1.5rem; }
.summary thead th { max-width: 16rem; overflow-wrap: anywhere; }
.pair { margin: .5rem 0 1rem; width: 100%; table-layout: fixed; }
.pair th[scope=row] { width: 16rem; overflow-wrap: anywhere; }
.pair td.mark { width: 4rem; display: table-cell; }
details { border-bottom: 1px solid var(--line); padding: .35rem 0; }
summary { cursor: pointer; }
dl { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: .4rem .8rem; margin: .6rem 0 1rem 1rem; }
dt { color: #888; }
dd { margin: 0; }
a { color: inherit; text-underline-offset: 2px; }
details.evidence { border: 0; padding: 0; }
.evidence > summary { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; color: #888; }
.evidence[open] > summary { margin-bottom: .3rem; }
@media (max-width: 40rem) {
  .bar { display: none; }
  .summary { width: 100%; }
  .summary th[scope=row] { min-width: 0; }
  .pair, .pair tbody, .pair tr, .pair th, .pair td, .pair td.mark { display: block; width: auto; border: 0; padding: .1rem 0; }
  .pair thead { display: none; }
  .pair caption { display: block; }
  .pair tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
  dl { grid-template-columns: minmax(0, 1fr); gap: .1rem; margin-left: 0; }
  dd { margin-bottom: .4rem; }
}
@media print { pre { max-height: none; } }
`
