/** @file The bar at the top of every page, and what is said when the service is gone. */
import type { ComponentChildren } from "preact";
import { isConnected } from "../api/client.ts";
import { isHelpOpen } from "../help/isHelpOpen.ts";
import { t } from "../texts/texts.ts";
import { Button } from "./Button.tsx";
import { LanguageAndTheme } from "./LanguageAndTheme.tsx";

interface TopBarProps {
  /** Of what is shown; of a list its own. */
  readonly name: string;
  /** The list that is shown, or that what is shown belongs to. */
  readonly place?: Place;
  /** Asked before the page is left. */
  readonly mayLeave?: () => boolean;
  readonly children?: ComponentChildren;
}

export type Place = "footage" | "sites" | "training";
const PLACES = [
  ["footage", "#/"],
  ["sites", "#/sites"],
  ["training", "#/training"],
] as const satisfies readonly (readonly [Place, string])[];

export function TopBar({ name, place = "footage", mayLeave = () => true, children }: TopBarProps) {
  const leave = (event: Event): void => void (mayLeave() || event.preventDefault());
  return (
    <>
      <header class="top">
        <a class="brand" href="#/" title={t("back")} onClick={leave}>
          tsumugi
        </a>
        <Places place={place} isIn={name !== ""} leave={leave} />
        <h1 class={name === "" ? "unseen" : ""}>{name === "" ? t(place) : name}</h1>
        {children}
        <span class="grow" />
        <LanguageAndTheme t={t} />
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

interface PlacesProps {
  readonly place: Place;
  /** Something of the place is shown, not its list. */
  readonly isIn: boolean;
  readonly leave: (event: Event) => void;
}

function Places({ place, isIn, leave }: PlacesProps) {
  const current = isIn ? "true" : "page";
  return (
    <nav aria-label={t("places")}>
      {PLACES.map(([one, href]) => (
        <a
          key={one}
          href={href}
          title={t(`${one}Place`)}
          aria-current={one === place ? current : undefined}
          data-name={`go-${one}`}
          onClick={leave}
        >
          {t(one)}
        </a>
      ))}
    </nav>
  );
}
