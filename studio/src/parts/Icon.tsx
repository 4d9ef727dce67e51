/** @file Icons, 20 by 20, in the colour of the text. */
const paths = {
  brush:
    "M14.5 2.5c1.2-1 3.4 1 2.4 2.3L10.4 12 8 9.6zM7 10.7l2.4 2.4c-.3 2.6-2.6 4.2-6.4 3.9 1.2-.9 1.2-2 1.4-3.4.2-1.5 1.2-2.7 2.6-2.9z",
  eraser: "M12.2 3.2 17 8l-8.5 8.5H5.6L2.5 13.3zM7 8.4l4.8 4.8M9 16.5h8",
  click: "M8 8l8.5 3.2-3.6 1.6-1.7 3.7zM8 2.5v2.6M2.5 8h2.6M4 4l1.9 1.9M12 4l-1.9 1.9M4 12l1.9-1.9",
  copy: "M7 7h9.5v9.5H7zM13 7V3.5H3.5V13H7",
  why: "M7.2 7.4a2.8 2.8 0 1 1 3.9 2.6c-.8.3-1.1.8-1.1 1.6v.6M10 15.2v.6M10 2.2a7.8 7.8 0 1 0 0 15.6 7.8 7.8 0 0 0 0-15.6z",
  polygon: "M10 2.8 17 8l-2.7 8.2H5.7L3 8z",
  box: "M3 4.5h14v11H3z",
  points: "M10 3v4M10 13v4M3 10h4M13 10h4M10 9.2a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6z",
  undo: "M7.5 4 4 7.5 7.5 11M4.5 7.5H12a4 4 0 0 1 0 8H8",
  redo: "M12.5 4 16 7.5 12.5 11M15.5 7.5H8a4 4 0 0 0 0 8h4",
  play: "M6 3.5v13l10.5-6.5z",
  pause: "M6 4v12M14 4v12",
  first: "M4.5 4v12M15.5 4.5 8 10l7.5 5.5z",
  last: "M15.5 4v12M4.5 4.5 12 10l-7.5 5.5z",
  stepBack: "M12.5 4.5 7 10l5.5 5.5",
  stepOn: "M7.5 4.5 13 10l-5.5 5.5",
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  fit: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
  clear: "M4 5.5h12M8 5V3h4v2M5.5 5.5l.8 11.5h7.4l.8-11.5",
  next: "M5 4v12l7-6zM15 4v12",
  previous: "M15 4v12l-7-6zM5 4v12",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.4 1.4M14.3 14.3l1.4 1.4M15.7 4.3l-1.4 1.4M5.7 14.3l-1.4 1.4",
  moon: "M16.5 12A7 7 0 0 1 8 3.5 7 7 0 1 0 16.5 12z",
  warn: "M10 3 18 17H2zM10 8.5v3.5M10 14.2v.6",
} as const;
export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
