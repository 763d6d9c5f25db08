/**
 * Drawings on a grid of 16, in straight lines with square joints. A glyph is one path, except where a part of it is
 * drawn faint. Sizes of 12 to 16 px stay sharp.
 */
export const glyphs = {
  check: 'm3 8.5 3.3 3.3L13 4.8',
  'chevron-down': 'M3.5 6 8 10.5 12.5 6',
  'chevron-right': 'm6 3.5 4.5 4.5L6 12.5',
  undo: 'M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.5 3.5l-3 3 3 3',
  redo: 'M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M10.5 3.5l3 3-3 3',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1.5v1.7M8 12.8v1.7M1.5 8h1.7M12.8 8h1.7M3.4 3.4l1.2 1.2M11.4 11.4l1.2 1.2M12.6 3.4l-1.2 1.2M4.6 11.4l-1.2 1.2',
  speech: 'M2.5 3h11v8H8l-3 2.8V11H2.5z',
  publish: 'M8 13.5v-9M4.5 7.5 8 4l3.5 3.5M3 2h10',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.4 10.4l3.6 3.6',
  close: 'm4 4 8 8M12 4l-8 8',
  plus: 'M3 8h10M8 3v10',
  minus: 'M3 8h10',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  'tidy-up': 'M2 3h4v4H2zM10 2h4v3h-4zM10 10h4v4h-4zM6 5h2v7h2M8 5V3.5h2',
  play: 'M4.5 2.8v10.4L13 8z',
  pin: 'M5.5 2h5M6.5 2v5L4 9.5h8L9.5 7V2M8 9.5V14',
  more: 'M2.7 7.5h1.2v1H2.7zM7.4 7.5h1.2v1H7.4zM12.1 7.5h1.2v1h-1.2z',
  timeline: 'M2 4h6M5 8h7M8 12h6',
  warning: 'M8 2 14.5 13.5h-13zM8 6.5v3.5M8 11.4v.8',
  build: 'M2.5 13.5h11M4 10.5h8M5.5 7.5h5M7 4.5h2',
  note: 'M3 2.5h10v7L9.5 13H3zM13 9.5H9.5V13',
  send: 'M2.5 8h10M8.5 3.5 13 8l-4.5 4.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  trash: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M6.7 7v4M9.3 7v4',
  key: 'M5 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 8h6.5M11.5 8v2.8M14 8v2.2',
  link: 'M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.3 4.3L11.3 8.8M9 11.5 7.5 13a3 3 0 0 1-4.3-4.3L4.7 7.2',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.9M7.5 6.5h.9M11 6.5h.9M5 9.5h6',
  // Families
  input: 'M9 2.5h4.5v11H9M2 8h7.5M6.5 5l3 3-3 3',
  load: 'M8 2v7.5M5 6.5l3 3 3-3M2.5 10v3.5h11V10',
  chunk: 'M3 2.5h10v4H3zM3 9.5h10v4H3zM1.5 8h2M5.5 8h2M9.5 8h2M13 8h1.5',
  model: 'M8 1.8 13.5 5v6L8 14.2 2.5 11V5zM8 8v6M8 8l5.3-3M8 8 2.7 5',
  embed:
    'M2.5 2.5h1v1h-1zM7.5 2.5h1v1h-1zM12.5 2.5h1v1h-1zM2.5 7.5h1v1h-1zM7.5 7.5h1v1h-1zM12.5 7.5h1v1h-1zM2.5 12.5h1v1h-1zM7.5 12.5h1v1h-1zM12.5 12.5h1v1h-1z',
  index: 'M6 2h4v4h4v4h-4v4H6v-4H2V6h4z',
  retrieve: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.4 10.4l3.6 3.6',
  prompt: 'M2.5 3.5h11M2.5 7.5h6M2.5 11.5h4M10 9.5l3 2-3 2',
  generate: 'M2.5 4h11M2.5 8h11M2.5 12h5M10.5 10.5v3.5',
  dataset: 'M4.5 2.5h7L14 13.5H2zM3.8 6h8.4M3 9.8h10',
  finetune: 'M2 2.5v11h12M4.5 5c1.5 4.5 4 5.5 8.5 5.8',
  logic: 'M2 8h4l4-4.5h4M6 8l4 4.5h4',
  output: 'M7 2.5H2.5v11H7M6 8h8M11 5l3 3-3 3',
  unknown: 'M2.5 2.5h11v11h-11zM6 6.2a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6 1v.5M8 11.2v.6',
  // States
  done: 'm3 8.5 3.3 3.3L13 4.8',
  cached: 'M13 8a5 5 0 1 1-1.7-3.7M13.2 2v3h-3',
  failed: 'M5.5 1.8h5L14.2 5.5v5l-3.7 3.7h-5L1.8 10.5v-5zM5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6',
  streaming: 'M2.5 4.5h11M2.5 8.5h8M2.5 12.5h4',
  skipped: 'M8 2.7a5.3 5.3 0 1 0 0 10.6A5.3 5.3 0 0 0 8 2.7zM3 13 13 3',
  cancelled: 'M4 4h8v8H4z',
} as const;

export type GlyphName = keyof typeof glyphs;
