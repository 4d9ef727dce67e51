"""Writes the HDF5 files here as DeepLabCut does (pandas 1.5, PyTables 3.7) and as SLEAP does (h5py 3.7): python3 makeHdf5.py."""
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

HERE = Path(__file__).parent

# deeplabcut/pose_estimation: predictions of two animals, a table.
names = ["scorer", "individuals", "bodyparts", "coords"]
levels = [["DLC_resnet50"], ["mouse1", "mouse2"], ["nose", "tail"], ["x", "y", "likelihood"]]
values = np.arange(36, dtype=float).reshape(3, 12)
values[:, 2::3] = [0.9, 0.5, 1, 0]
values[1, 3:6] = np.nan
frame = pd.DataFrame(values, columns=pd.MultiIndex.from_product(levels, names=names), index=range(3))
frame.to_hdf(HERE / "dlc-table.h5", key="df_with_missing", format="table", mode="w", index=False)

# deeplabcut/generate_training_dataset: labels of pictures, by folders.
levels = [["me"], ["nose", "tail"], ["x", "y"]]
rows = pd.MultiIndex.from_tuples([("labeled-data", "clip", f"img{n:03}.png") for n in (0, 5)])
frame = pd.DataFrame(
    np.arange(8, dtype=float).reshape(2, 4),
    columns=pd.MultiIndex.from_product(levels, names=["scorer", "bodyparts", "coords"]),
    index=rows,
)
frame.to_hdf(HERE / "dlc-labels.h5", key="df_with_missing", mode="w")
frame.set_index(pd.Index([0, 7])).to_hdf(HERE / "dlc-frames.h5", key="df_with_missing", mode="w")

# sleap/info/write_tracking_h5.py: all arrays are transposed.
places = np.full((3, 2, 2, 2), np.nan)  # frames, nodes, (x, y), tracks
places[0, :, :, 0] = [[1, 2], [3, 4]]
places[2, 0, :, 1] = [9.5, 8]
scores = np.full((3, 2, 2), np.nan)
scores[0, :, 0] = [0.5, 1.25]
with h5py.File(HERE / "sleap.h5", "w") as file:
    compact = {"compression": "gzip", "compression_opts": 9}
    file.create_dataset("tracks", data=places.T, **compact)
    file.create_dataset("point_scores", data=scores.T, **compact)
    file.create_dataset("track_occupancy", data=(~np.isnan(places).all((1, 2))).astype(np.uint8), **compact)
    file.create_dataset("track_names", data=[b"a", b"b"])
    file.create_dataset("node_names", data=[b"head", b"tail"])
