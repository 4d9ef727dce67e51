/** @file A number with its name. */
import type { Signal } from "@preact/signals";

interface NumberProps {
  readonly text: string;
  readonly title?: string;
  readonly value: Signal<number>;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly name: string;
}

/** What is out of its range, or no number, is taken back. */
export function NumberField({ text, title, value, min, max, step, name }: NumberProps) {
  return (
    <label class="number-field" title={title}>
      <span>{text}</span>
      <input
        type="number"
        min={min}
        max={max}
        step={step}
        value={value.value}
        data-name={name}
        onChange={({ currentTarget }) => {
          const given = currentTarget.valueAsNumber;
          if (given >= min && given <= max) value.value = given;
          else currentTarget.value = String(value.peek());
        }}
      />
    </label>
  );
}
