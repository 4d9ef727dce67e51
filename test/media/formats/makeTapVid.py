"""Writes the files of TAP-Vid here with numpy (2.4) and Python's pickle: python3 makeTapVid.py."""
import pickle
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
points = np.array([[[0.25, 0.5], [0.5, 0.5], [0.75, 0.25]], [[0, 1], [0.125, 0.875], [0.5, 0]]], np.float32)
occluded = np.array([[False, False, True], [True, False, False]])
bus = {"video": np.zeros((3, 6, 8, 3), np.uint8), "points": points, "occluded": occluded}
cow = {"video": [b"JPEG", b"JPEG"], "points": points[:1, :2].astype(np.float64), "occluded": occluded[:1, :2]}
for protocol in (2, 4, 5):
    (HERE / f"tapvid-{protocol}.pkl").write_bytes(pickle.dumps({"bus": bus, "cow": cow}, protocol))
(HERE / "tapvid-list.pkl").write_bytes(pickle.dumps([cow, bus]))
np.savez_compressed(HERE / "tapvid.npz", points=np.asfortranarray(points), occluded=occluded)
np.savez_compressed(
    HERE / "tapvid-evaluated.npz",
    query_points=np.array([[[0, 128, 64], [1, 224, 32]]], ">f4"),
    gt_tracks=points[None] * 256.0,
    gt_occluded=occluded[None],
)
