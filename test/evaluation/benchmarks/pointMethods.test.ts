/** @file What benchmarks follow points with is what `track` follows them with. */
import { describe, expect, it } from "vitest";
import {
  copyFirstPoints,
  type PointMethod,
  type TrackedPointsOptions,
  trackedPoints,
} from "../../../src/evaluation/benchmarks/pointMethods.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { DirectMatching } from "../../../src/tracking/points/directMatching.ts";
import type { TrackedPoint } from "../../../src/tracking/points/trackedPoint.ts";
import { trackPoints } from "../../../src/tracking/points/trackPoints.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { LEFT, movingPatch, neighbourhoods, SIDE, TOP } from "../../tracking/points/movingPatch.ts";

const encoder = neighbourhoods();
const points = [{ name: "middle", x: LEFT + SIDE / 2 + 4, y: TOP + SIDE / 2 }];
const setup: TrackedPointsOptions = {
  encoder,
  protocol: resolveProtocol("default"),
  mode: modes.exact,
  threads: 1,
  inputSize: { width: 80, height: 80 },
};

async function follow(method: PointMethod, start = 0): Promise<(readonly TrackedPoint[])[]> {
  const out: (readonly TrackedPoint[])[] = [];
  for await (const found of method.follow(movingPatch(5, 2), start, points)) out.push(found);
  return out;
}

describe("a method that follows points", () => {
  it.each([
    ["exact", { mode: modes.exact }],
    ["fast", { mode: modes.fast }],
    ["live, frames squashed", { mode: modes.live }],
    ["candidates from clusters", { protocol: resolveProtocol("default", { candidates: "clusters" }) }],
  ] as const)("%s: gives what trackPoints gives", async (_, choices) => {
    const chosen = { ...setup, ...choices };
    const expected: (readonly TrackedPoint[])[] = [];
    for await (const tracked of trackPoints({ ...chosen, source: movingPatch(5, 2), points, follower: undefined }))
      expected.push(tracked.points);
    expect(await follow(trackedPoints(chosen))).toEqual(expected);
    expect(expected).toHaveLength(5);
  });

  it("honours the mode: a pruned search is another one", async () => {
    const [exact, live] = [
      await follow(trackedPoints(setup)),
      await follow(trackedPoints({ ...setup, mode: modes.live })),
    ];
    expect(live).not.toEqual(exact);
    expect(Math.hypot(live[4][0].x - exact[4][0].x, live[4][0].y - exact[4][0].y)).toBeLessThan(4);
  });

  it("takes a new follower for each run", async () => {
    let made = 0;
    const follower = (): DirectMatching => {
      made++;
      return new DirectMatching();
    };
    const method = trackedPoints({ ...setup, follower });
    const first = await follow(method);
    expect(await follow(method)).toEqual(first);
    expect(made).toBe(2);
  });

  it("names the clip where a point lies outside it, and begins where it is told", async () => {
    const method = trackedPoints(setup);
    expect(await follow(method, 3)).toHaveLength(2);
    const outside = method.follow(movingPatch(2, 0), 0, [{ name: "tail", x: -1, y: 5 }]);
    await expect(outside[Symbol.asyncIterator]().next()).rejects.toThrow(
      'the joints of moving patch: the point "tail" lies outside the frame',
    );
  });

  it("the floor moves nothing", async () => {
    const still = [{ ...points[0], visible: true, confidence: 1 }];
    expect(await follow(copyFirstPoints, 2)).toEqual([still, still, still]);
  });
});
