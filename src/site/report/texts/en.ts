/** @file The words of a report in English. `{name}` is filled in; a translation has the same keys and names. */

export const en = {
  title: "Site {site}: report",
  verdictGo: "Verdict: go",
  verdictNoGo: "Verdict: no-go",
  verdictNotEnough: "Verdict: not enough evidence",
  verdictNone: "No verdict: no target is set",
  goSentence:
    "With one label at the start of each passage, {metric} is {mean} (95 % interval {low} to {high}): the whole interval lies at or above the target of {target}.",
  noGoSentence:
    "With one label at the start of each passage, {metric} is {mean} (95 % interval {low} to {high}): the whole interval lies below the target of {target}.",
  unclearSentence:
    "With one label at the start of each passage, {metric} is {mean}, but the 95 % interval ({low} to {high}) holds the target of {target}: it may be met or missed.",
  fewSentence:
    "{metric}: {clusters} passages are labelled and tracked; a verdict on the target of {target} needs at least {least}, because with fewer a rare failure is easily missed. So far it is {mean} (95 % interval {low} to {high}).",
  nothingSentence:
    "{metric}: nothing has been measured yet, so nothing can be said about the target of {target}. A verdict needs at least {least} passages that are labelled and tracked.",
  noTargetSentence:
    "Set a target before you look at results: tsumugi site init SITE --target iou=0.80. The numbers below are what was measured.",
  moreNeeded:
    "If the mean stays where it is, about {passages} passages in all would settle it: {more} more, that is about {labels} more labelled frames, {hours} of drawing.",
  moreFootage: "The footage has only {available} passages: that takes more recordings too.",
  moreHopeless:
    "The mean is so close to the target that no reasonable number of labels would settle it. Decide whether the target matters to that precision.",
  correctedDecision: "With {count} corrections in each passage: {decision}.",
  correctedOne: "With one correction in each passage: {decision}.",
  wordGo: "go",
  wordNoGo: "no-go",
  wordNotEnough: "not enough evidence",
  basis:
    "Measured on {frames} frames of {passages} passages (cameras: {cameras}). They were drawn by lot, without regard to any result, and were never given to the tracker. Frames of one passage count as one piece of evidence, not as many.",
  basisNone: "No verdict frame has been labelled and tracked yet: {verdict} of {planned} are labelled.",
  skipped:
    "{frames} verdict frames that come earlier in the plan have no label. If they were left out because they are hard, the numbers are too good.",
  unmeasured:
    "{frames} labelled verdict frames are not measured: their passage has no label to start from, or was not tracked.",
  edited: "The targets in site.json are not those in the history: they were changed by hand.",
  looks:
    "This is look number {look} at results of this site. Each further look with more labels makes a wrong verdict a little more likely than the 5 % that an interval stands for.",
  metricIou: "the mean IoU (overlap of mask and truth, 0 to 1)",
  metricPck: "PCK@{threshold} (share of points within {threshold} of their extent)",
  targets: "Targets",
  target: "Target",
  measured: "Measured",
  interval: "95 % interval",
  decision: "Decision",
  setOn: "Set on",
  changedAfter: "Changed on {date}, after results had been seen (before: {before}). Judge it with that in mind.",
  setAfter: "Set on {date}, after results had been seen. Judge it with that in mind.",
  changedBefore: "Changed on {date}, before any result (before: {before}).",
  accuracy: "Accuracy",
  method: "Method",
  methodCopy: "copy the first label (no tracking)",
  methodUntrained: "untrained encoder",
  methodDefault: "weights of the package, usual settings",
  methodUntuned: "model {model}, usual settings",
  modelTuned: "{model} with settings {preset}",
  methodModel: "model {model}",
  methodCorrected: "model {model}, {count} more labels in each passage",
  methodCorrectedOne: "model {model}, one more label in each passage",
  passages: "Passages",
  frames: "Frames",
  gain: "Difference to the model, in the same frames",
  correctionNote: "Rows with more labels hold only the passages that have so many: compare them by the last column.",
  byCamera: "By camera, the worst first",
  byThing: "By object, the worst first",
  camera: "Camera",
  thing: "Object",
  failedPassages: "In {failed} of {passages} passages the mean IoU is below 0.5.",
  unseenFailures:
    "No passage failed (mean below 0.5). That does not exclude failures: up to {share} % of all passages could fail without one of {passages} having done so.",
  absent:
    "In {count} of {things} cases the object is not to be seen in the frame. There only an empty mask is right (IoU 1, else 0); it was empty in {right}.",
  pictures: "Best, median and worst frames",
  pictureTruth: "label",
  pictureFound: "tracked",
  pictureBest: "Best: {clip}, frame {frame}, IoU {score}",
  pictureMedian: "Median: {clip}, frame {frame}, IoU {score}",
  pictureWorst: "Among the worst: {clip}, frame {frame}, IoU {score}",
  failures: "Where and why it fails",
  failuresIntro: "Of all objects in verdict frames, {share} % have an IoU below 0.5:",
  failuresNone: "No object in a verdict frame has an IoU below 0.5.",
  failureLost: "lost: nothing was tracked where the object is",
  failureGhost: "ghost: something was tracked where the object is not",
  failureSmall: "small: the object covers less than 1/1000 of the frame",
  failureLeaked: "leaked: the mask is more than half as large again as the object",
  failureEaten: "eaten: the mask is less than two thirds of the object",
  failureElsewhere: "elsewhere: about the right size, at the wrong place (often on a look-alike)",
  confidence: "Confidence",
  confidenceText:
    "Does the tracker know when it is wrong here? Area under the ROC curve {auroc} (95 % interval {low} to {high}; 0.5 is chance, 1 is perfect), over {count} masks of which {right} % are right (IoU 0.5 or more).",
  confidenceNone:
    "It cannot be said whether confidence finds the errors here: that needs at least {least} right and {least} wrong masks among the verdict frames.",
  labour: "Work: by hand and with the tool",
  labourRow: "Way",
  labourHand: "By hand: every object in every frame",
  labourTool: "With the tool: one label for each passage",
  labourToolCorrectedOne: "With the tool: one label and one correction for each passage",
  labourToolCorrected: "With the tool: one label and {count} corrections for each passage",
  labourHours: "Hours of a person",
  labourMachine: "Hours of the machine",
  labourCost: "Cost ({currency})",
  labourIou: "Accuracy",
  labourDifference: "{difference} against one label",
  labourAssumptions: "Assumptions",
  assumeFrames: "All {frames} frames of the footage are wanted.",
  assumePassages: "The footage is cut into {passages} passages of the plan's length; each needs a label of its own.",
  assumeObjectsMeasured: "{objects} objects to a frame: the mean of the labels so far.",
  assumeObjects: "{objects} objects to a frame: assumed.",
  assumeMask: "Drawing a mask takes {mask} s, correcting one {correction} s (site init --mask-sec, --correction-sec).",
  assumeSpeed:
    "The machine tracks {speed} frames a second, as measured here, and works alone while people do something else.",
  assumeManual:
    "What stays manual and is not counted: recording, choosing clips, looking through the results, deciding what the masks are used for.",
  assumeVerdict:
    "The {frames} labels of verdict frames are needed once, for this decision, and are not counted: {time}.",
  assumeWage: "An hour of work costs {wage} {currency}, an hour of the machine {machine} {currency}.",
  assumeNoWage: "No wage is set, so there are hours and no costs (site init --wage).",
  sensitivity: "If an assumption is wrong",
  sensitivityMask: "A mask takes {mask} s: {hand} by hand, {tool} with the tool",
  sensitivityEvery: "Only every {every}th frame is needed: {hand} by hand, {tool} with the tool",
  labourNone: "Hours can be compared once passages have been tracked: run tsumugi site track.",
  footage: "Footage",
  footageText: "Clips: {clips}; cameras: {cameras}; frames: {frames}; {time}.",
  footageGone: "Not where they were, and left out of what was tracked since: {clips}.",
  checkText:
    "Footage check: {good} clips are good, {usable} usable, {poor} poor, {unreadable} cannot be read (check/check.html).",
  checkNone: "The footage was not checked (tsumugi site check).",
  labels: "Labels",
  labelsText:
    "{verdict} of {planned} verdict frames and {given} other frames are labelled, in {passages} passages. The plan expects the interval to reach ± {reach}.",
  machine: "Machine",
  machineText: "{speed} frames a second, at most {memory} MB, on {cores} × {cpu}.",
  machineNone: "Nothing was tracked yet; {cores} × {cpu}.",
  repeat: "To repeat it",
  notShown: "What was not shown",
  notShownFuture:
    "The future: the numbers hold for footage like this. Other lighting, products or camera positions need a new measurement.",
  notShownStarts:
    "How good it is on things that come into view after the first label of a passage: only things that it names are measured.",
  notShownLearned:
    "The model has learned from this footage, without its labels. On footage that it has not seen, its gain over the weights of the package may be smaller.",
  notShownSpeed: "Other machines: speed and memory were measured on this one.",
  notShownLabels: "Errors of the labels themselves: whoever drew them is taken to be right.",
  notShownDependence:
    "Passages of one clip are counted as independent. If they resemble each other, the interval is too narrow.",
  made: "Made on {date} with tsumugi {version}.",
  hours: "{hours} h",
  range: "{low} to {high}",
  minutes: "{minutes} min",
  seconds: "{seconds} s",
} as const;

/** Keys of the words. */
export type TextKey = keyof typeof en;
/** The words of one language. */
export type ReportTexts = Readonly<Record<TextKey, string>>;
