/** @file Which cells of a memory frame are candidates of a query: a window around the query's own place. */

/**
 * Which cells around a query's own place are candidates: a square, or a disc (a distance equal to `cells` counts if
 * inclusive).
 */
export interface MatchWindow {
  readonly shape: "square" | "euclidean";
  /** Radius in cells; may be fractional for a disc. */
  readonly cells: number;
  readonly inclusive: boolean;
}

/** For every vertical distance up to the window's reach, how far it goes to either side, in cells. */
export function halfWidths(window: MatchWindow | undefined, height: number, width: number): number[] {
  if (window === undefined) return Array.from({ length: height }, () => width);
  const { shape, cells, inclusive } = window;
  const out: number[] = [];
  for (let dy = 0; dy < height; dy++) {
    const dx = shape === "square" ? squareReach(dy, cells, inclusive) : discReach(dy, cells, inclusive);
    if (dx < 0) break;
    out.push(Math.min(dx, width));
  }
  return out;
}

/** The largest whole number below `limit`, or up to it if inclusive; -1 if none is 0 or more. */
function largest(limit: number, inclusive: boolean): number {
  return Math.max(-1, inclusive ? Math.floor(limit) : Math.ceil(limit) - 1);
}

function squareReach(dy: number, cells: number, inclusive: boolean): number {
  const reach = largest(cells, inclusive);
  return dy <= reach ? reach : -1;
}

function discReach(dy: number, cells: number, inclusive: boolean): number {
  const within = (dx: number): boolean =>
    inclusive ? dx * dx + dy * dy <= cells * cells : dx * dx + dy * dy < cells * cells;
  let dx = Math.floor(Math.sqrt(Math.max(0, cells * cells - dy * dy))) + 1;
  while (dx >= 0 && !within(dx)) dx--;
  return dx;
}
