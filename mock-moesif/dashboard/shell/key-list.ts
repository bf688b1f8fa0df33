/** What `?` shows. */
export const keyList: { title: string; keys: [keys: string, meaning: string][] }[] = [
  {
    title: 'Everywhere',
    keys: [
      ['1 … 7', 'The views, from Events to Documents'],
      ['/', 'Type a query'],
      ['t', 'Theme: auto, light, dark'],
      ['u', 'Times: local, UTC'],
      ['?', 'This list'],
    ],
  },
  {
    title: 'Events',
    keys: [
      ['j  k', 'Next, previous event'],
      ['↑ ↓  PgUp PgDn  Home End', 'Move in the list'],
      ['Enter', 'Open the event'],
      ['Esc', 'Close it; then back to live'],
      ['p', 'Pause, resume'],
      ['n', 'Show what is new'],
    ],
  },
  {
    title: 'An open event',
    keys: [
      ['[  ]', 'Earlier, later event of the same user'],
      ['{  }', 'Earlier, later event of the same batch'],
      ['d', 'Mark for comparison; on a second event: compare'],
      ['c', 'Copy as curl'],
      ['s', 'Send again, edited'],
      ['w', 'What left, and the options that govern it'],
      ['x', 'Bodies as their exact text'],
    ],
  },
]
