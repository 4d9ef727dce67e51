/** @file The help: what to do first, and every key. */
import { useEffect, useRef } from "preact/hooks";
import { KEY_ROWS } from "../clip/keys.ts";
import { TOOLS } from "../clip/tools.ts";
import { Button } from "../parts/Button.tsx";
import { Icon } from "../parts/Icon.tsx";
import { t } from "../texts/texts.ts";
import { isHelpOpen } from "./isHelpOpen.ts";

export function HelpDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  useEffect(followQuestionMark, []);
  return (
    <dialog ref={dialog} class="help" aria-label={t("help")} onClose={close}>
      <header>
        <h2>{t("help")}</h2>
        <Button title={t("close")} keyName="Esc" onPress={close}>
          {t("close")}
        </Button>
      </header>
      <p>{t("helpIntro")}</p>
      <ul class="tool-help">
        {TOOLS.map((name) => (
          <li key={name}>
            <Icon name={name} /> <b>{t(name)}</b> {t(`${name}Title`)}
          </li>
        ))}
      </ul>
      <dl>
        {KEY_ROWS.map(({ label, text }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}

function close(): void {
  isHelpOpen.value = false;
}

function toggleByKey({ key, target }: KeyboardEvent): void {
  const isTyping = target instanceof HTMLInputElement && target.type !== "range";
  if (key === "?" && !isTyping) isHelpOpen.value = !isHelpOpen.peek();
}

function followQuestionMark(): () => void {
  addEventListener("keydown", toggleByKey);
  return () => removeEventListener("keydown", toggleByKey);
}
