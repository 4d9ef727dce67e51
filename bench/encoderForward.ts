/**
 * @file The encoder (`crw`) on four frames of 256²: our session from RGB to features against PyTorch's forward pass
 * alone.
 */
import { compare, jsonFrom, type Measured, ourProcess, peers } from "./peer.ts";
import type { BenchRow } from "./row.ts";

const REPEATS = 12;

const FORWARD = `
import json, resource, statistics, sys, time, torch
sys.path.insert(0, sys.argv[1])
from models import Encoder
torch.set_num_threads(2)
torch.manual_seed(0)
net = Encoder("crw").eval()
x = torch.rand(4, 3, 256, 256) * 2 - 1
times = []
with torch.no_grad():
    for i in range(int(sys.argv[2]) + 3):
        begin = time.perf_counter()
        net(x)
        times.append(time.perf_counter() - begin)
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": statistics.median(times[3:]), "rssMb": round(rss)}))
`;

async function peer(python: string): Promise<Measured> {
  const { seconds, rssMb } = await jsonFrom(python, ["-c", FORWARD, peers, String(REPEATS)]);
  return { seconds, rssMb };
}

const ours = (): Promise<Measured> => ourProcess("./encoderForwardOurs.js", [String(REPEATS)]);

/** One row. */
export async function encoderForwardBench(): Promise<BenchRow[]> {
  return [await compare({ name: "encoder forward, crw, 4 frames of 256x256", ours, peer, turns: 3 })];
}
