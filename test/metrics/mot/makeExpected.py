"""Makes trackEval.json: random clips, and what TrackEval's metrics say of them.

    PYTHONPATH=TrackEval python3 makeExpected.py trackEval.json

TrackEval at 12c8791b303e0a0b50f753af204249e622d0281a; where NumPy no longer has np.float and np.int, with these replaced by
float and int.
"""
import json
import random
import sys

import numpy as np
from trackeval.metrics import CLEAR, HOTA, Identity

HOTA_FIELDS = {"hota": "HOTA", "detA": "DetA", "detRe": "DetRe", "detPr": "DetPr", "assA": "AssA", "assRe": "AssRe",
               "assPr": "AssPr", "locA": "LocA"}
CLEAR_FIELDS = {"found": "CLR_TP", "missed": "CLR_FN", "wrong": "CLR_FP", "idSwitches": "IDSW", "fragments": "Frag",
                "mostlyTracked": "MT", "partlyTracked": "PT", "mostlyLost": "ML", "mota": "MOTA", "motp": "MOTP",
                "recall": "CLR_Re", "precision": "CLR_Pr"}
IDENTITY_FIELDS = {"found": "IDTP", "missed": "IDFN", "wrong": "IDFP", "idf1": "IDF1", "idp": "IDP", "idr": "IDR"}


def clip(seed, things, tracks, frames, step):
    """Overlaps in multiples of `step`: coarse ones make ties."""
    rng = random.Random(seed)
    made = []
    for _ in range(frames):
        truth = [i for i in range(things) if rng.random() < 0.7]
        found = [i for i in range(tracks) if rng.random() < 0.7]
        rng.shuffle(found)
        near = [[0.6 if (i % tracks) == j else 0.1 for j in found] for i in truth]
        overlap = [[min(1, max(0, round((n + rng.uniform(-0.4, 0.4)) / step) * step)) for n in row] for row in near]
        made.append({"truth": truth, "tracks": found, "similarity": [round(v, 6) for row in overlap for v in row]})
    # Everything that is counted must occur.
    truths = sorted({i for f in made for i in f["truth"]})
    founds = sorted({i for f in made for i in f["tracks"]})
    for f in made:
        f["truth"] = [truths.index(i) for i in f["truth"]]
        f["tracks"] = [founds.index(i) for i in f["tracks"]]
    return {"truthCount": len(truths), "trackCount": len(founds), "frames": made}


def scored(sequence):
    frames = sequence["frames"]
    data = {
        "num_timesteps": len(frames),
        "num_gt_ids": sequence["truthCount"],
        "num_tracker_ids": sequence["trackCount"],
        "num_gt_dets": sum(len(f["truth"]) for f in frames),
        "num_tracker_dets": sum(len(f["tracks"]) for f in frames),
        "gt_ids": [np.array(f["truth"], dtype=int) for f in frames],
        "tracker_ids": [np.array(f["tracks"], dtype=int) for f in frames],
        "similarity_scores": [np.array(f["similarity"], dtype=float).reshape(len(f["truth"]), len(f["tracks"]))
                              for f in frames],
    }
    return {"hota": HOTA().eval_sequence(data), "clear": CLEAR().eval_sequence(data),
            "identity": Identity().eval_sequence(data)}


def named(result):
    return {
        "hota": {ours: np.asarray(result["hota"][theirs]).tolist() for ours, theirs in HOTA_FIELDS.items()},
        "clear": {ours: float(result["clear"][theirs]) for ours, theirs in CLEAR_FIELDS.items()},
        "identity": {ours: float(result["identity"][theirs]) for ours, theirs in IDENTITY_FIELDS.items()},
    }


def together(results):
    by = lambda kind: {str(i): one[kind] for i, one in enumerate(results)}
    return named({"hota": HOTA().combine_sequences(by("hota")), "clear": CLEAR().combine_sequences(by("clear")),
                  "identity": Identity().combine_sequences(by("identity"))})


SIZES = [(3, 3, 12, 0.001), (4, 6, 10, 0.25), (6, 3, 10, 0.25), (1, 1, 6, 0.05), (5, 5, 14, 0.05), (2, 7, 8, 0.5)]
sequences = [clip(seed, *size) for seed, size in enumerate(SIZES)]
results = [scored(sequence) for sequence in sequences]
with open(sys.argv[1], "w") as file:
    json.dump({"clips": [{"sequence": s, "expected": named(r)} for s, r in zip(sequences, results)],
               "together": together(results)}, file)
    file.write("\n")
