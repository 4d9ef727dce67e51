/** @file Collects the nodes of one ONNX model (opset 17, IR 8, plus com.microsoft where the device has it). */
import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType as AttributeType,
  type AttributeProto,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { UserError } from "../../core/errors.ts";
import type { Device } from "../../core/machine.ts";
import type { Shape } from "./shape.ts";
import type { DType, TensorData } from "./dtype.ts";

/** Where a program runs; some ops are emitted differently. */
export type DeviceKind = Device;

/** What ops are emitted for. */
export interface Target {
  readonly device: DeviceKind;
  /** Channels in a block of onnxruntime's blocked convolutions on this CPU; 0 for none. */
  readonly channelBlock: number;
}

/**
 * ONNX attribute values: whole numbers become INT(S) and must be marked as float with `{ float }` where the spec wants
 * FLOAT.
 */
export type AttributeValue = number | readonly number[] | string | { readonly float: number };

const dataTypes: Record<DType, DataType> = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  bool: DataType.BOOL,
  uint8: DataType.UINT8,
  int8: DataType.INT8,
};

const OPSET = 17;
const IR_VERSION = 8n;
const NCHWC_DOMAIN = "com.microsoft.nchwc";

/** Collects nodes, inputs and initialisers; ops call it from their `emit`. */
export class Emitter {
  readonly device: DeviceKind;
  readonly channelBlock: number;
  private readonly domains = new Map([
    ["", OPSET],
    ["com.microsoft", 1],
  ]);
  private readonly nodes: NodeProto[] = [];
  private readonly inputs = new Map<string, ValueInfoProto>();
  private readonly initialisers: TensorProto[] = [];
  private readonly shared = new Map<string, string>();
  private count = 0;

  constructor({ device, channelBlock }: Target) {
    this.device = device;
    this.channelBlock = channelBlock;
  }

  /** Adds a node; returns the name of its result (of the first, when there are several). */
  node(type: string, inputs: readonly string[], attributes: Record<string, AttributeValue> = {}, domain = ""): string {
    const output = this.fresh(type);
    const attribute = Object.entries(attributes).map(([name, value]) => toAttribute(name, value));
    this.nodes.push(
      create(NodeProtoSchema, { name: output, opType: type, domain, input: [...inputs], output: [output], attribute }),
    );
    return output;
  }

  /** Adds a node of onnxruntime's own ops on tensors with blocked channels. */
  nchwc(type: string, inputs: readonly string[], attributes: Record<string, AttributeValue> = {}): string {
    this.domains.set(NCHWC_DOMAIN, 1);
    return this.node(type, inputs, attributes, NCHWC_DOMAIN);
  }

  input(name: string, shape: Shape, dtype: DType): string {
    if (this.inputs.has(name))
      throw new UserError("tensor/input", {
        what: `two inputs have the name ${name}`,
        expected: "one name for each input",
      });
    this.inputs.set(name, valueInfo(name, shape, dtype));
    return name;
  }

  constant(data: TensorData, shape: Shape, dtype: DType): string {
    return this.initialiser(dataTypes[dtype], shape, bytesOf(data));
  }

  /** An int64 vector, as ONNX wants shapes, axes and pads; equal ones are shared. */
  int64(values: readonly number[]): string {
    return this.once(`int64:${values.join(",")}`, () =>
      this.initialiser(DataType.INT64, [values.length], bytesOf(BigInt64Array.from(values, BigInt))),
    );
  }

  /** A float32 scalar; equal ones are shared. */
  scalar(value: number): string {
    return this.once(`scalar:${value}`, () => this.initialiser(DataType.FLOAT, [], bytesOf(Float32Array.of(value))));
  }

  /** The finished model, with the given values as named outputs. */
  model(outputs: readonly { name: string; value: string; shape: Shape; dtype: DType }[]): Uint8Array {
    for (const { name, value } of outputs) {
      this.nodes.push(create(NodeProtoSchema, { name, opType: "Identity", input: [value], output: [name] }));
    }
    const graph = create(GraphProtoSchema, {
      name: "tsumugi",
      node: this.nodes,
      initializer: this.initialisers,
      input: [...this.inputs.values()],
      output: outputs.map(({ name, shape, dtype }) => valueInfo(name, shape, dtype)),
    });
    const opsets = [...this.domains].map(([domain, version]) => ({ domain, version: BigInt(version) }));
    const model = create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      producerName: "tsumugi",
      opsetImport: opsets.map((opset) => create(OperatorSetIdProtoSchema, opset)),
      graph,
    });
    return toBinary(ModelProtoSchema, model);
  }

  private once(key: string, make: () => string): string {
    const known = this.shared.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.shared.set(key, made);
    return made;
  }

  private initialiser(dataType: DataType, shape: Shape, rawData: Uint8Array<ArrayBuffer>): string {
    const name = this.fresh("constant");
    this.initialisers.push(create(TensorProtoSchema, { name, dataType, dims: shape.map(BigInt), rawData }));
    return name;
  }

  private fresh(type: string): string {
    return `${type}_${this.count++}`;
  }
}

function toAttribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === "number")
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === "string") {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.STRING,
      s: new TextEncoder().encode(value),
    });
  }
  if ("float" in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

function valueInfo(name: string, shape: Shape, dtype: DType): ValueInfoProto {
  const dim = shape.map((n) => ({ value: { case: "dimValue" as const, value: BigInt(n) } }));
  const type = { value: { case: "tensorType" as const, value: { elemType: dataTypes[dtype], shape: { dim } } } };
  return create(ValueInfoProtoSchema, { name, type });
}

function bytesOf(data: ArrayBufferView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}
