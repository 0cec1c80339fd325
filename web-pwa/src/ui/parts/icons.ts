/**
 * The app's icons, drawn for it on a grid of 24 with lines of 2. Each is the
 * `d` of one path.
 */
export const icons = {
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  check: 'M4 12.5l5.5 5.5L20 6.5',
  cross: 'M6 6l12 12M18 6L6 18',
  // Four strokes and one across: a tally.
  count: 'M5 5v14M10 5v14M15 5v14M20 5v14M2.5 17L22 7',
  // Two heads turned to each other.
  encounter:
    'M8 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 8 11zM2.5 20v-2.5A3.5 3.5 0 0 1 6 14h4a3.5 3.5 0 0 1 3.5 3.5V20M15.5 4.9a3.2 3.2 0 0 1 0 5.8M17.5 14.2a3.5 3.5 0 0 1 4 3.4V20',
  phone:
    'M5 4h4l1.8 4.6-2.4 1.7a11.5 11.5 0 0 0 5.3 5.3l1.7-2.4L20 15v4a1.5 1.5 0 0 1-1.6 1.5A15.5 15.5 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4z',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20.5 20.5',
  place:
    'M12 21.5s-7-6.2-7-11.5a7 7 0 0 1 14 0c0 5.3-7 11.5-7 11.5zM12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z',
  // Three sliders, each at another height.
  settings: 'M4 7h9M19 7h1M16 4.5v5M4 17h1M11 17h9M8 14.5v5',
  saved:
    'M7 2.5h10a1 1 0 0 1 1 1v17a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-17a1 1 0 0 1 1-1zM9 12.3l2.2 2.2 4-4.5',
  waiting: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2',
  received: 'M1.5 12.5L6 17 15 7M10.5 15.5L12 17 22.5 6.5',
  offline:
    'M3 3l18 18M5 12.5a10 10 0 0 1 4-2.4M2 8.8a15 15 0 0 1 4.2-2.6M11 5.1A15 15 0 0 1 22 8.8M15.5 11.2a10 10 0 0 1 3.5 1.3M8.5 16a5 5 0 0 1 6.6-.3M12 19.6v.1',
  warning: 'M12 3.5L22 20.5H2zM12 10v4.5M12 17.4v.1',
  // One thing that became two.
  conflict: 'M12 21v-6L5.5 8.5V3M12 15l6.5-6.5V3M2.5 6l3-3 3 3M15.5 6l3-3 3 3',
  undo: 'M8 4.5L3.5 9 8 13.5M3.5 9H14a6 6 0 0 1 0 12H8',
  edit: 'M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5',
  copy: 'M9 8.5h10.5v12H9zM15 8.5v-5H4.5v12H9',
  dice: 'M4 4h16v16H4zM8.5 8.5v.1M15.5 15.5v.1M12 12v.1M15.5 8.5v.1M8.5 15.5v.1',
  update: 'M12 3.5v11M7 10l5 5 5-5M4.5 20h15',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.5v.1',
  chart: 'M4 3.5V20h16.5M9 16V9M14 16V6M19 16v-4',
  lock: 'M5.5 10.5h13v10h-13zM8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2.5',
  key: 'M8 19.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM11.2 11.8L20 3M16.5 6.5l3 3',
  // A code to scan: three corners and some dots.
  qr: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM20 14v2M14 20h2M20 19.5v.5',
  leaflet: 'M6 3.5h9l4 4v13H6zM15 3.5v4h4M9 12h7M9 16h7',
  list: 'M8.5 6h12M8.5 12h12M8.5 18h12M3.5 6v.1M3.5 12v.1M3.5 18v.1',
} as const

/** The name of an icon. */
export type IconName = keyof typeof icons
