/** @file The buttons of every page's top bar that switch its language and its colours. */
import { language } from "../texts/texts.ts";
import { Button } from "./Button.tsx";
import { theme } from "./theme.ts";

interface Props {
  /** Speaks the page's language. */
  readonly t: (key: "language" | "languageTitle" | "light" | "dark") => string;
}

/** Says what each switches to. */
export function LanguageAndTheme({ t }: Props) {
  const isDark = theme.value === "dark";
  return (
    <>
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
    </>
  );
}
