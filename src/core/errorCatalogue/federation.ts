/** @file Error codes of learning over several sites, `tsumugi federate`. */
import { group } from "./group.ts";

export const federation = group("Learning over sites", {
  "federation/version": {
    status: 409,
    summary: "Site and coordinator speak different versions of what they say to each other.",
    remedy: "Use the same version of tsumugi at the coordinator and at all sites.",
  },
  "federation/update": {
    status: 422,
    summary: "What a site learned cannot be used: it is not what training on the round's weights makes.",
    remedy: "The message says what is wrong; look at the site's training, then let it join again.",
  },
  "federation/round": {
    status: 409,
    summary: "The round does not take this from the site: it is over, or the site was not asked.",
    remedy: "Nothing needs to be done: the site takes part in the next round.",
  },
  "federation/other": {
    status: 409,
    summary: "The folder belongs to another federation, or to one that learns in another way.",
    remedy: "Give the options and the address that it was begun with, or another folder.",
  },
  "federation/coordinator": {
    status: 500,
    summary: "The coordinator cannot be reached, or what answers is none.",
    remedy: "Check the address and that tsumugi federate serve runs there, then run the same command again.",
  },
  "federation/missing": {
    status: 404,
    summary: "The folder holds no federation, or there are no such weights.",
    remedy: "Begin one with tsumugi federate serve, or name the folder that has federation.json.",
  },
});
