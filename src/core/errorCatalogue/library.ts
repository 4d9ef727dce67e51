/** @file Error codes of the rendered clips and the tensor library. */
import { group } from "./group.ts";

export const rendering = group("Rendered clips", {
  "synthetic/options": {
    status: 400,
    summary: "A size or count of the rendered clip is out of range.",
    remedy: "Give whole numbers in the range that the message names.",
  },
});

export const tensors = group("Tensor library", {
  "tensor/shape": {
    status: 400,
    summary: "An operand has the wrong shape.",
    remedy: "Give the shape that the message expects.",
  },
  "tensor/argument": {
    status: 400,
    summary: "An option of an operation is out of range.",
    remedy: "Give a value in the range that the message names.",
  },
  "tensor/type": {
    status: 400,
    summary: "An operand has the wrong element type.",
    remedy: "Give the type that the message expects.",
  },
  "tensor/input": {
    status: 400,
    summary: "Two inputs of a program have the same name.",
    remedy: "Give each input a name of its own.",
  },
  "tensor/feed": {
    status: 400,
    summary: "An input of run() is missing, or its length or type does not fit.",
    remedy: "Feed every input with an array of its shape and type.",
  },
  "tensor/gradient": {
    status: 400,
    summary: "The loss is not a scalar, or an operation on the way to it has no gradient.",
    remedy: "Reduce the loss to one element, and use operations that can be differentiated.",
  },
  "tensor/device": {
    status: 501,
    summary: "The device webgpu cannot be used on this machine.",
    remedy: "Install the GPU's driver, or leave out --device webgpu to run on the CPU.",
  },
  "tensor/profile": {
    status: 400,
    summary: "No profile was recorded.",
    remedy: "Compile with { profile: true }, run, and ask for the profile once.",
  },
});
