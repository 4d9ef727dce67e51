/** @file Hours by hand and with the tool, every assumption, and what if one is wrong. */
import { escaped } from "../../core/html.ts";
import { differenceText } from "./accuracyPart.ts";
import type { Labour } from "./labour.ts";
import { list, paragraph, section, table } from "./parts.ts";
import type { MethodScore, SiteReport } from "./reportData.ts";
import { scoreText, type Words } from "./words.ts";

/** The comparison; before anything was tracked, how to get one. */
export function labourSection(report: SiteReport, words: Words): string {
  const { labour } = report;
  if (labour === null) return section(words.say("labour"), paragraph(words.say("labourNone")));
  return section(
    words.say("labour"),
    labourTable(report, labour, words),
    `<h3>${escaped(words.say("labourAssumptions"))}</h3>`,
    list(assumptions(report, labour, words).map(escaped)),
    `<h3>${escaped(words.say("sensitivity"))}</h3>`,
    list(sensitivity(labour, words).map(escaped)),
  );
}

type LabourReport = NonNullable<SiteReport["labour"]>;

function labourTable({ metrics, prices }: SiteReport, { rows }: LabourReport, words: Words): string {
  const [first] = rows;
  const priced = first.handCost !== null;
  const cost = (value: number | null): string[] => (priced ? [words.count(Math.round(value ?? 0))] : []);
  const models = metrics[0]?.methods.filter(({ method }) => method === "model") ?? [];
  const head = [
    words.say("labourRow"),
    words.say("labourHours"),
    words.say("labourMachine"),
    ...(priced ? [words.say("labourCost", { currency: prices.currency })] : []),
    words.say("labourIou"),
  ];
  const lines = [
    [words.say("labourHand"), words.time(first.handHours), "–", ...cost(first.handCost), "–"],
    ...rows.map((row) => [
      wayOf(row, words),
      words.time(row.toolHours),
      words.time(row.machineHours),
      ...cost(row.toolCost),
      accuracyOf(
        models.find(({ corrections }) => corrections === row.corrections),
        words,
      ),
    ]),
  ];
  return table(head, lines, [0, head.length - 1]);
}

function wayOf({ corrections }: Labour, words: Words): string {
  if (corrections === 0) return words.say("labourTool");
  if (corrections === 1) return words.say("labourToolCorrectedOne");
  return words.say("labourToolCorrected", { count: corrections });
}

/** The passages that have more labels are others: of them only a difference can be compared. */
function accuracyOf(model: MethodScore | undefined, words: Words): string {
  if (model === undefined || model.difference === null) return scoreText(model?.score.mean ?? Number.NaN);
  return words.say("labourDifference", { difference: differenceText(model, words) });
}

function assumptions({ prices, labels }: SiteReport, labour: LabourReport, words: Words): string[] {
  const { frames, passages, objectsPerFrame, objectsMeasured, framesPerSecond } = labour;
  const { maskSec, correctionSec, wagePerHour, machinePerHour, currency } = prices;
  const objects = objectsPerFrame.toFixed(1);
  return [
    words.say("assumeFrames", { frames }),
    words.say("assumePassages", { passages }),
    words.say(objectsMeasured ? "assumeObjectsMeasured" : "assumeObjects", { objects }),
    words.say("assumeMask", { mask: maskSec, correction: correctionSec }),
    words.say("assumeSpeed", { speed: framesPerSecond?.toFixed(1) ?? "–" }),
    wagePerHour === null
      ? words.say("assumeNoWage")
      : words.say("assumeWage", { wage: wagePerHour, machine: machinePerHour, currency }),
    words.say("assumeVerdict", {
      frames: labels.verdict,
      time: words.time((labels.verdict * objectsPerFrame * maskSec) / 3600),
    }),
    words.say("assumeManual"),
  ];
}

function sensitivity({ bySeconds, byEvery }: LabourReport, words: Words): string[] {
  const hours = ({ handHours, toolHours }: Labour) => ({ hand: words.time(handHours), tool: words.time(toolHours) });
  return [
    ...bySeconds.map(({ maskSec, labour }) => words.say("sensitivityMask", { mask: maskSec, ...hours(labour) })),
    ...byEvery.map(({ every, labour }) => words.say("sensitivityEvery", { every, ...hours(labour) })),
  ];
}
