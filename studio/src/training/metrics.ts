/** @file The steps of a training run, read on as they come, in as many points as a curve needs. */
import { signal } from "@preact/signals";
import { client } from "../api/client.ts";
import type { Metrics } from "../api/types.ts";
import { type CurvePoint, smoothed, thinned } from "./curve.ts";

export type Step = Metrics["records"][number];

export class RunMetrics {
  readonly steps = signal<readonly Step[]>([]);
  private readonly path: string;
  private place = { after: 0, version: "" };
  private reading: Promise<void> | undefined;

  /** @param path of the route, such as `/api/jobs/ID/metrics` */
  constructor(path: string) {
    this.path = path;
  }

  /** Reads on. @throws ServiceError */
  read(): Promise<void> {
    this.reading ??= this.readOn().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readOn(): Promise<void> {
    for (;;) {
      const { after, version } = this.place;
      const query = new URLSearchParams({ after: String(after), ...(version !== "" && { version }) });
      const answer = await client.send(`${this.path}?${query.toString()}`);
      const { records, next, more, version: now } = (await answer.json()) as Metrics;
      // A run that was resumed has written its latest steps anew.
      const kept = now === version ? this.steps.peek() : [];
      // When what was learned is in the registry its run is gone: the curve stays as it was.
      if (now === "" && this.steps.peek().length > 0) return;
      this.place = { after: next, version: now };
      if (records.length > 0 || kept.length === 0) this.steps.value = [...kept, ...records];
      if (!more) return;
    }
  }

  loss(): CurvePoint[] {
    const steps = this.steps.value;
    const means = smoothed(steps.map(({ loss }) => loss));
    return thinned(steps.map(({ step }, i) => ({ x: step, y: means[i] })));
  }

  speed(): CurvePoint[] {
    const steps = this.steps.value;
    const means = smoothed(steps.map(({ pairsPerSec }) => pairsPerSec));
    return thinned(steps.map(({ step }, i) => ({ x: step, y: means[i] })));
  }

  score(): CurvePoint[] {
    return this.steps.value.flatMap(({ step, score }) => (score === undefined ? [] : [{ x: step, y: score }]));
  }
}
