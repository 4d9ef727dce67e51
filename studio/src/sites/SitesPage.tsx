/** @file The sites, and making one: what is to be reached first, then the footage. */
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { api, ask, messageOf } from "../api/client.ts";
import type { Site } from "../api/types.ts";
import { siteAddress } from "../clip/address.ts";
import { Button } from "../parts/Button.tsx";
import { TopBar } from "../parts/TopBar.tsx";
import { t } from "../texts/texts.ts";
import { ClipChooser } from "./ClipChooser.tsx";
import { NumberField } from "./NumberField.tsx";
import { s } from "./texts/siteTexts.ts";
import { decisionClass, decisionText, isAtWork, targetText } from "./words.ts";

export function SitesPage() {
  const [sites, setSites] = useState<readonly Site[]>();
  const [problem, setProblem] = useState("");
  const isMaking = useSignal(false);
  useEffect(() => {
    ask(api.GET("/api/sites")).then(
      (found) => setSites(found.sites),
      (error: unknown) => setProblem(messageOf(error)),
    );
  }, []);
  return (
    <>
      <TopBar name="" place="sites">
        {!isMaking.value && (
          <Button
            icon="plus"
            name="new-site"
            title={s("newSiteTitle")}
            onPress={() => {
              isMaking.value = true;
            }}
          >
            {s("newSite")}
          </Button>
        )}
      </TopBar>
      <main class="page">
        {problem !== "" && <p class="problem">{problem}</p>}
        {isMaking.value && (
          <NewSite
            onCancel={() => {
              isMaking.value = false;
            }}
          />
        )}
        {!isMaking.value && sites === undefined && problem === "" && <p>{t("loading")}</p>}
        {!isMaking.value && sites?.length === 0 && (
          <div class="empty">
            <p>{s("noSites")}</p>
            <p class="hint">{s("noSitesTodo")}</p>
          </div>
        )}
        {!isMaking.value && (
          <ul class="site-list">
            {sites?.map((site) => (
              <li key={site.id}>
                <SiteCard site={site} />
              </li>
            ))}
          </ul>
        )}
      </main>
    </>
  );
}

function SiteCard({ site }: { readonly site: Site }) {
  const { id, name, clips, targets, decision, labels, job } = site;
  return (
    <a class="card site-card" href={siteAddress(id)} title={s("openSite", { name })} data-name="site">
      <b>{name}</b>
      <span>
        {s("clipCount", { n: clips.length })} · {targets.map(targetText).join(", ") || s("noTarget")}
      </span>
      {labels !== null && <span>{s("labelsCount", labels)}</span>}
      {isAtWork(job) ? (
        <span class="word">{s("working")}</span>
      ) : (
        decision !== null && <b class={`word ${decisionClass(decision)}`}>{decisionText(decision)}</b>
      )}
    </a>
  );
}

function NewSite({ onCancel }: { readonly onCancel: () => void }) {
  const [name, target, chosen] = [useSignal(""), useSignal(0.8), useSignal<ReadonlySet<string>>(new Set())];
  const [problem, isBusy] = [useSignal(""), useSignal(false)];
  const make = async (): Promise<void> => {
    isBusy.value = true;
    try {
      const body = { name: name.peek().trim(), clips: [...chosen.peek()], targets: [`iou=${target.peek()}`] };
      location.hash = siteAddress((await ask(api.POST("/api/sites", { body }))).id);
    } catch (error) {
      problem.value = messageOf(error);
    } finally {
      isBusy.value = false;
    }
  };
  const isOff = isBusy.value || name.value.trim() === "" || chosen.value.size === 0;
  return (
    <form
      class="new-site"
      aria-label={s("newSite")}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isOff) void make();
      }}
    >
      <label class="text-field">
        <span>{s("siteName")}</span>
        <input
          type="text"
          maxLength={200}
          value={name.value}
          placeholder={s("siteNameHint")}
          data-name="site-name"
          onInput={({ currentTarget }) => {
            name.value = currentTarget.value;
          }}
        />
      </label>
      <NumberField text={s("target")} value={target} min={0.01} max={0.99} step={0.01} name="target" />
      <p class="hint">{s("targetHint")}</p>
      <ClipChooser title={s("chooseClips")} hint={s("chooseClipsHint")} chosen={chosen} />
      {problem.value !== "" && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      <div class="row ends">
        <Button kind="strong" name="make-site" title={s("makeTitle")} isOff={isOff} onPress={() => void make()}>
          {s("make")}
        </Button>
        <Button title={s("cancel")} onPress={onCancel}>
          {s("cancel")}
        </Button>
      </div>
    </form>
  );
}
