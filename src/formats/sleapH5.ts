/**
 * @file SLEAP's analysis HDF5 (talmolab/sleap, `info/write_tracking_h5.py`, `io/format/sleap_analysis.py`): `tracks`
 * `[tracks, (x, y), nodes, frames]`, NaN where a node was not found, `point_scores` `[tracks, nodes, frames]`,
 * `track_names`, `node_names`, `track_occupancy` `[frames, tracks]`. Frames count from 0, positions as in `sleapCsv`.
 */
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import type { AnnotationFormat } from "./format.ts";
import { datasetIn, Hdf5Error, isHdf5, numbersIn, textsIn, withHdf5, writeHdf5 } from "./hdf5.ts";
import { partOf } from "./instances.ts";
import { requireFrameIndex } from "./limits.ts";
import { annotationsOfInstances, type SleapInstance, sleapCsv, sleapRows } from "./sleapCsv.ts";

/** Reading throws UserError `format/hdf5`, `format/packages`, `points/empty`, `points/twice`. */
export const sleapH5 = {
  name: "sleap-h5",
  layout: [".h5", ".hdf5"],
  sniff: (file) =>
    isHdf5(file.path, (hdf5) => ["tracks", "track_occupancy"].every((name) => hdf5.keys().includes(name))),
  async read(path: string): Promise<Annotations> {
    const instances = await withHdf5(path, (file) => {
      const { values, shape } = numbersIn(file, "tracks", 4);
      const scores = datasetIn(file, "point_scores") && numbersIn(file, "point_scores", 3).values;
      const [tracks, axes, nodes, frames] = shape;
      if (axes !== 2 || (scores !== undefined && scores.length !== tracks * nodes * frames))
        throw new Hdf5Error("tracks and point_scores differ");
      if (frames > 0) requireFrameIndex(frames - 1, `${path}: the last frame`);
      const [trackNames, nodeNames] = [textsIn(file, "track_names"), textsIn(file, "node_names")];
      const all: SleapInstance[] = [];
      for (let frame = 0; frame < frames; frame++)
        for (let track = 0; track < tracks; track++) {
          const found = Array.from({ length: nodes }, (_, node) => {
            const at = (axis: number) => ((track * 2 + axis) * nodes + node) * frames + frame;
            return {
              node: nodeNames[node] ?? `node ${node}`,
              x: values[at(0)],
              y: values[at(1)],
              score: scores?.[(track * nodes + node) * frames + frame] ?? Number.NaN,
            };
          }).filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
          // SLEAP's own reader numbers tracks without names.
          const name = trackNames[track] ?? (tracks === 1 ? "" : `track_${track}`);
          if (found.length > 0) all.push({ frame, track: name, nodes: found });
        }
      return all;
    });
    return annotationsOfInstances(instances, path);
  },
  holds: sleapCsv.holds,
  write: writeSleapH5,
} satisfies AnnotationFormat<Annotations>;

/** @throws UserError `file/write`, `format/packages` */
async function writeSleapH5(path: string, stream: AnnotationStream): Promise<void> {
  const { rows, nodes } = await sleapRows(stream);
  const tracks = [...new Set(rows.map(({ track }) => track))];
  const frames = Math.max(0, ...rows.map(({ frame }) => frame + 1));
  const places = new Float64Array(tracks.length * 2 * nodes.length * frames).fill(Number.NaN);
  const scores = new Float64Array(tracks.length * nodes.length * frames).fill(Number.NaN);
  const occupancy = new Uint8Array(frames * tracks.length);
  for (const { frame, track: name, points } of rows) {
    const track = tracks.indexOf(name);
    occupancy[frame * tracks.length + track] = 1;
    for (const point of points) {
      const node = nodes.indexOf(partOf(point));
      const at = (axis: number) => ((track * 2 + axis) * nodes.length + node) * frames + frame;
      places[at(0)] = point.x - 0.5;
      places[at(1)] = point.y - 0.5;
      scores[(track * nodes.length + node) * frames + frame] = point.confidence ?? Number.NaN;
    }
  }
  const named = tracks.map((name, i) => (name === "" ? `track_${i}` : name));
  await writeHdf5(path, (file) => {
    const [t, n, f] = [tracks.length, nodes.length, frames];
    file.create_dataset({ name: "tracks", data: places, shape: [t, 2, n, f] });
    file.create_dataset({ name: "point_scores", data: scores, shape: [t, n, f] });
    file.create_dataset({ name: "track_occupancy", data: occupancy, shape: [f, t] });
    file.create_dataset({ name: "track_names", data: named, shape: [t], dtype: fixedText(named) });
    file.create_dataset({ name: "node_names", data: nodes, shape: [n], dtype: fixedText(nodes) });
  });
}

/** Texts of one length in bytes, as numpy has them. */
const fixedText = (texts: readonly string[]): string =>
  `S${Math.max(1, ...texts.map((text) => Buffer.byteLength(text)))}`;
