/** @file Above a clip while the frames of a site are labelled: which one this is, what it is for, and the next one. */
import { useEffect, useState } from "preact/hooks";
import { siteAddress } from "../clip/address.ts";
import type { ClipModel } from "../clip/clipModel.ts";
import { Button } from "../parts/Button.tsx";
import { LabelQueue } from "./labelQueue.ts";
import "./sites.css";
import { s } from "./texts/siteTexts.ts";

interface QueueProps {
  readonly model: ClipModel;
  readonly site: string;
}

export function QueueBar({ model, site }: QueueProps) {
  const [queue] = useState(() => new LabelQueue(model, site));
  useEffect(() => {
    model.queue.value = queue;
    void queue.read();
    return () => {
      model.queue.value = undefined;
    };
  }, [model, queue]);
  const [frames, at, left] = [queue.frames.value, queue.at.value, queue.left.value];
  const here = frames[at];
  const isLabelled = here !== undefined && queue.labelled()[at];
  return (
    <div class="bar queue" data-name="queue" data-at={at + 1} data-left={left}>
      <a href={siteAddress(site)} title={s("backToSite")} data-name="to-site">
        {s("backToSite")}
      </a>
      {queue.problem.value !== "" && <span class="problem">{queue.problem.value}</span>}
      <b>{here === undefined ? s("queueElsewhere") : s("queueAt", { n: at + 1, total: frames.length })}</b>
      {here !== undefined && (
        <span class={`role ${here.role}`} title={s(`${here.role}Title`)}>
          {s(here.role)}
        </span>
      )}
      {isLabelled && <span class="word good">{s("queueLabelled")}</span>}
      <span class="grow" role="status">
        {frames.length > 0 && (left === 0 ? s("queueDone") : s("queueLeft", { n: left }))}
      </span>
      <Button icon="previous" name="queue-back" title={s("queueBack")} keyName="Shift D" onPress={() => queue.go(-1)} />
      <Button
        name="queue-nothing"
        title={s("nothingTitle")}
        keyName="M"
        isOff={here === undefined}
        onPress={() => queue.nothingHere()}
      >
        {s("nothing")}
      </Button>
      <Button
        kind="strong"
        icon="next"
        name="queue-next"
        title={s("queueNextTitle")}
        keyName="D"
        onPress={() => queue.go(1)}
      >
        {s("queueNext")}
      </Button>
    </div>
  );
}
