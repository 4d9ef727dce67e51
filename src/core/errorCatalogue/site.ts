/** @file Error codes of sites. */
import { group } from "./group.ts";

export const sites = group("Sites", {
  "site/missing": {
    status: 404,
    summary: "The folder holds no site.",
    remedy: "Make one with tsumugi site init, or name the folder that has site.json.",
  },
  "site/newer": {
    status: 422,
    summary: "The site was made by a newer version.",
    remedy: "Update tsumugi, or make a new site.",
  },
  "site/footage": {
    status: 422,
    summary: "None of the footage can be read.",
    remedy: "Check the paths; the message says what is wrong with each clip.",
  },
  "site/target": {
    status: 400,
    summary: "A target is not METRIC=VALUE with a known metric and a value between 0 and 1.",
    remedy: "Give targets such as iou=0.8 or pck@0.1=0.6.",
  },
  "site/no-plan": {
    status: 409,
    summary: "The site has no label plan yet.",
    remedy: "Run tsumugi site plan first.",
  },
  "site/no-labels": {
    status: 409,
    summary: "No clip of the site has a label to start from.",
    remedy: "Draw the masks that the plan lists, and save them where it says.",
  },
  "site/refused": {
    status: 422,
    summary: "The footage check refused all clips of the site, so that there is nothing to learn from.",
    remedy: "Record again as the check advises, or learn from poor clips all the same with --include-poor.",
  },
  "site/too-little": {
    status: 422,
    summary: "The site has too little footage: nothing would be left to judge by what was learned.",
    remedy: "Add footage with tsumugi site init SITE --footage PATHS.",
  },
  "site/model": {
    status: 404,
    summary: "The site has no model with this number.",
    remedy: "List its models with tsumugi site models SITE.",
  },
  "site/weights": {
    status: 409,
    summary: "The weights of a model are gone, or are not those that it was made with.",
    remedy: "Put the file back, or use another model.",
  },
  "site/no-rollback": {
    status: 409,
    summary: "There is no model to go back to: the one in use is the first that the site had.",
    remedy: "Choose one with tsumugi site models SITE use N.",
  },
  "site/watch-from": {
    status: 400,
    summary: "It is not known which folders to watch, or one of them is not there.",
    remedy: "Name folders that exist with tsumugi site watch SITE --from FOLDER.",
  },
  "site/window": {
    status: 400,
    summary: "The hours in which learning is allowed are not two times of day.",
    remedy: "Give them as 22:00-05:00.",
  },
  "site/label": {
    status: 422,
    summary: "A file among the labels belongs to no frame of the site, or does not fit its clip.",
    remedy: "Save labels under the names that the plan lists, at the size of the pictures that it gives.",
  },
});
