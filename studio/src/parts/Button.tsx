/** @file A button that says what it does and which key it has. */
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";

interface ButtonProps {
  /** What it does; also its name for who cannot see it. */
  readonly title: string;
  /** The key that does the same. */
  readonly keyName?: string;
  readonly onPress: () => void;
  readonly icon?: IconName;
  readonly children?: ComponentChildren;
  readonly isPressed?: boolean;
  readonly isOff?: boolean;
  readonly kind?: "plain" | "strong" | "quiet";
  readonly name?: string;
}

export function Button({
  title,
  keyName,
  onPress,
  icon,
  children,
  isPressed,
  isOff = false,
  kind = "plain",
  name,
}: ButtonProps) {
  const full = keyName === undefined ? title : `${title} (${keyName})`;
  return (
    <button
      type="button"
      class={`button ${kind}${children === undefined ? " bare" : ""}`}
      title={full}
      aria-label={children === undefined ? full : undefined}
      aria-pressed={isPressed}
      disabled={isOff}
      onClick={onPress}
      data-name={name}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
