/** @file The steps of a training run, as they come. */
import type { z } from "zod";
import type { metricsBody } from "../api/schemas.ts";
import { type Place, readRecords } from "../sessions/records.ts";

type Metrics = z.output<typeof metricsBody>;

/** @param path of `metrics.jsonl`, which need not be there yet. */
export async function readMetricsFrom(path: string, place: Place): Promise<Metrics> {
  const { records, ...rest } = await readRecords(path, place);
  return { ...rest, records: records as Metrics["records"] };
}
