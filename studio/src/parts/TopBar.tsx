/** @file The bar at the top of every page, and what is said when the service is gone. */
import type { ComponentChildren } from "preact";
import { isConnected } from "../api/client.ts";
import { isHelpOpen } from "../help/isHelpOpen.ts";
import { language, t } from "../texts/texts.ts";
import { Button } from "./Button.tsx";
import { theme } from "./theme.ts";

interface TopBarProps {
  readonly name: string;
  /** Asked before the page is left. */
  readonly mayLeave?: () => boolean;
  readonly children?: ComponentChildren;
}

export function TopBar({ name, mayLeave = () => true, children }: TopBarProps) {
  const isDark = theme.value === "dark";
  return (
    <>
      <header class="top">
        <a class="brand" href="#/" title={t("back")} onClick={(event) => mayLeave() || event.preventDefault()}>
          tsumugi
        </a>
        <h1>{name === "" ? t("footage") : name}</h1>
        {children}
        <span class="grow" />
        <Button
          kind="quiet"
          name="language"
          title={t("languageTitle")}
          onPress={() => {
            language.value = language.value === "en" ? "ja" : "en";
          }}
        >
          {t("language")}
        </Button>
        <Button
          kind="quiet"
          name="theme"
          icon={isDark ? "sun" : "moon"}
          title={t(isDark ? "light" : "dark")}
          onPress={() => {
            theme.value = isDark ? "light" : "dark";
          }}
        />
        <Button
          kind="quiet"
          name="help"
          title={t("helpTitle")}
          keyName="?"
          onPress={() => {
            isHelpOpen.value = true;
          }}
        >
          ?
        </Button>
      </header>
      {!isConnected.value && (
        <p class="bar warn" role="alert" data-name="offline">
          {t("offline")}
        </p>
      )}
    </>
  );
}
