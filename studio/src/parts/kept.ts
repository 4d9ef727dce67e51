/** @file Choices that the browser keeps. */
import { effect, signal, type Signal } from "@preact/signals";

/** A signal that the browser keeps. @param isValid for what an older page may have left */
export function kept<Value extends string | number>(
  key: string,
  initial: Value,
  isValid: (value: unknown) => value is Value,
): Signal<Value> {
  const stored: unknown = JSON.parse(localStorage.getItem(`tsumugi.${key}`) ?? "null");
  const value = signal<Value>(isValid(stored) ? stored : initial);
  effect(() => localStorage.setItem(`tsumugi.${key}`, JSON.stringify(value.value)));
  return value;
}

/** Whether a value is one of some. */
export const oneOf =
  <Value extends string>(all: readonly Value[]) =>
  (value: unknown): value is Value =>
    all.includes(value as Value);
