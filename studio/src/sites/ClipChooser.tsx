/** @file Choosing clips: each with its first frame, all or none at once. */
import type { Signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { api, ask, messageOf } from "../api/client.ts";
import type { Clip } from "../api/types.ts";
import { Button } from "../parts/Button.tsx";
import { s } from "./texts/siteTexts.ts";

interface ChooserProps {
  readonly title: string;
  readonly hint?: string;
  /** Ids. */
  readonly chosen: Signal<ReadonlySet<string>>;
}

export function ClipChooser({ title, hint, chosen }: ChooserProps) {
  const [clips, setClips] = useState<readonly Clip[]>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    ask(api.GET("/api/clips")).then(
      (found) => setClips(found.clips),
      (error: unknown) => setProblem(messageOf(error)),
    );
  }, []);
  const toggle = (id: string): void => {
    const next = new Set(chosen.peek());
    if (!next.delete(id)) next.add(id);
    chosen.value = next;
  };
  return (
    <fieldset class="chooser">
      <legend>
        {title} <span class="hint">{s("chosen", { n: chosen.value.size })}</span>
      </legend>
      {hint !== undefined && <p class="hint">{hint}</p>}
      {problem !== "" && <p class="problem">{problem}</p>}
      {clips?.length === 0 && <p>{s("noClips")}</p>}
      <div class="row">
        <Button
          name="choose-all"
          title={s("chooseAll")}
          onPress={() => {
            chosen.value = new Set(clips?.map(({ id }) => id));
          }}
        >
          {s("chooseAll")}
        </Button>
        <Button
          title={s("chooseNone")}
          onPress={() => {
            chosen.value = new Set();
          }}
        >
          {s("chooseNone")}
        </Button>
      </div>
      <ul class="choices">
        {clips?.map((clip) => (
          <li key={clip.id}>
            <Choice clip={clip} isChosen={chosen.value.has(clip.id)} onToggle={() => toggle(clip.id)} />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

interface ChoiceProps {
  readonly clip: Clip;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

function Choice({ clip: { id, name, place, version }, isChosen, onToggle }: ChoiceProps) {
  return (
    <label class={isChosen ? "chosen" : ""}>
      <input type="checkbox" checked={isChosen} onChange={onToggle} />
      <span class="thumbnail">
        <img src={`/api/clips/${id}/frames/0?shortSide=120&v=${encodeURIComponent(version)}`} alt="" loading="lazy" />
      </span>
      <span class="clip-name" title={place}>
        {name}
      </span>
    </label>
  );
}
