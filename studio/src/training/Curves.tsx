/** @file Curves of a training run: loss, pairs a second, and a score where there is one. */
import { s } from "../sites/texts/siteTexts.ts";
import { type CurvePoint, lineOf } from "./curve.ts";
import type { RunMetrics } from "./metrics.ts";

const [WIDTH, HEIGHT, EDGE] = [300, 90, 4];

export function Curves({ metrics }: { readonly metrics: RunMetrics }) {
  const steps = metrics.steps.value;
  const last = steps.at(-1);
  if (last === undefined) return <p class="hint">{s("curveNone")}</p>;
  const score = metrics.score();
  return (
    <div data-name="curves" data-steps={last.step}>
      <p class="hint">{s("steps_", { n: last.step, minutes: last.minutes.toFixed(1) })}</p>
      <div class="curves">
        <Curve name={s("loss")} points={metrics.loss()} digits={3} />
        <Curve name={s("speed")} points={metrics.speed()} digits={1} />
        {score.length > 0 && <Curve name={s("score")} points={score} digits={3} />}
      </div>
    </div>
  );
}

interface CurveProps {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  readonly digits: number;
}

function Curve({ name, points, digits }: CurveProps) {
  const [first, now] = [points[0], points.at(-1)].map((point) => point?.y.toFixed(digits) ?? "–");
  const text = s("curveNow", { value: now, first });
  return (
    <figure class="curve">
      <figcaption>
        <b>{name}</b> <span>{text}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${name}: ${text}`}>
        <polyline points={lineOf(points, WIDTH, HEIGHT, EDGE)} />
      </svg>
    </figure>
  );
}
