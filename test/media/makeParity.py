"""Makes parity-*.safetensors: narrow encoders with random weights, and what PyTorch computes with them.

    python3 makeParity.py [folder]

Each file holds, float32: the parameters and running statistics of one encoder in PyTorch's names, and
  case.x           [2, 3, H, W]  the input
  case.eval        features with the stored statistics
  case.train       features with the batch's statistics
  case.after.NAME  running statistics after that one training pass
  case.weights     factors w of the scalar sum(w * train features)
  case.grad.NAME   the gradient of that scalar by a parameter
Needs PyTorch alone; the file format is written by hand.
"""
import json
import struct
import sys

import torch
import torch.nn as nn

VARIANTS = {
    "pool-head": dict(stem=6, pool=True, widths=(6, 10), strides=(1, 2), head=5, size=(24, 40)),
    "plain": dict(stem=4, pool=False, widths=(4, 6, 6), strides=(1, 2, 1), head=None, size=(20, 28)),
}


class BasicBlock(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.downsample = None
        if stride != 1 or cin != cout:
            self.downsample = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class Encoder(nn.Module):
    def __init__(self, stem, pool, widths, strides, head, size):
        super().__init__()
        self.conv1 = nn.Conv2d(3, stem, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(stem)
        self.pool = nn.MaxPool2d(3, 2, 1) if pool else nn.Identity()
        self.depth = len(widths)
        for n, (cin, cout, stride) in enumerate(zip((stem,) + widths, widths, strides), 1):
            setattr(self, f"layer{n}", nn.Sequential(BasicBlock(cin, cout, stride), BasicBlock(cout, cout, 1)))
        self.head = nn.Conv2d(widths[-1], head, 3, 1, 1) if head else nn.Identity()

    def forward(self, x):
        x = self.pool(torch.relu(self.bn1(self.conv1(x))))
        for n in range(1, self.depth + 1):
            x = getattr(self, f"layer{n}")(x)
        return self.head(x)


def randomise(net):
    """Random values for everything that would else begin as 0 or 1."""
    for name, value in net.state_dict().items():
        if name.endswith("running_var") or (name.endswith("weight") and value.dim() == 1):
            value.uniform_(0.5, 2)
        elif value.dim() == 1:
            value.uniform_(-1, 1)


def case(variant):
    net = Encoder(**variant)
    randomise(net)
    out = {n: v.clone() for n, v in net.state_dict().items() if not n.endswith("num_batches_tracked")}
    x = torch.rand(2, 3, *variant["size"]) * 2 - 1
    with torch.no_grad():
        out["case.x"], out["case.eval"] = x, net.eval()(x)
    features = net.train()(x)
    weights = torch.rand_like(features) * 2 - 1
    (features * weights).sum().backward()
    out["case.train"], out["case.weights"] = features.detach(), weights
    for name, value in net.state_dict().items():
        if "running" in name:
            out[f"case.after.{name}"] = value
    for name, parameter in net.named_parameters():
        out[f"case.grad.{name}"] = parameter.grad
    return out


def save(path, tensors):
    header, data = {}, b""
    for name, value in tensors.items():
        raw = value.contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else "."
    torch.manual_seed(1)
    for name, variant in VARIANTS.items():
        save(f"{folder}/parity-{name}.safetensors", case(variant))
