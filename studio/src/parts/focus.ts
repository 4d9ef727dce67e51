/**
 * @file Who uses the pointer goes on with the page's keys; who uses the keyboard stays on the control. A control that keeps
 * the focus after a click would take the next key for itself.
 */

let isByPointer = false;

const letGo = (): void => {
  if (isByPointer) (document.activeElement as HTMLElement | null)?.blur();
};

/** Begins to listen. */
export function followFocus(): void {
  addEventListener("pointerdown", () => {
    isByPointer = true;
  });
  addEventListener("keydown", () => {
    isByPointer = false;
  });
  addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("button, input[type=range]") !== null) letGo();
  });
  addEventListener("change", ({ target }) => {
    if (target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === "color")) letGo();
  });
}
