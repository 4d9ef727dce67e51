/** @file Error codes of watching zones, cameras and machines. */
import { group } from "./group.ts";

export const watching = group("Zones and events", {
  "zones/unreadable": { status: 404, summary: "The file of zones cannot be read.", remedy: "Check the path." },
  "zones/invalid": {
    status: 422,
    summary: "A key or value of the zones is not known.",
    remedy: "Correct what the message names; docs/events.md lists all keys.",
  },
  "zones/shape": {
    status: 422,
    summary: "A zone has no size, crosses itself, lies outside the frame, or shares its name; or a rule names no zone.",
    remedy: "Draw it again on a frame of the clip.",
  },
  "zones/size": {
    status: 422,
    summary: "The zones were drawn on frames of another size.",
    remedy: "Draw them on a frame of this clip.",
  },
  "events/time": {
    status: 422,
    summary: "The tracks do not say when their frames were taken.",
    remedy: "Name the clip with --video, or give its frame rate with --fps.",
  },
  "events/order": {
    status: 422,
    summary: "The frames of the tracks are not in order of time.",
    remedy: "Give every frame once, in order.",
  },
  "events/class": {
    status: 422,
    summary: "A zone counts a class that the tracks do not have.",
    remedy: "Name a class of the tracks, or leave it out.",
  },
  "discover/used": {
    status: 409,
    summary: "The folder holds what was found in another clip, or with other settings.",
    remedy: "Choose another --out folder, or remove this one.",
  },
  "monitor/used": {
    status: 409,
    summary: "The folder holds the events of another source, or of other settings.",
    remedy: "Choose another --out folder, or remove this one.",
  },
  "events/nothing": {
    status: 422,
    summary: "The tracks hold nothing that could be watched.",
    remedy: "Give masks, boxes or points with their frames.",
  },
  "events/used": {
    status: 409,
    summary: "The folder holds the events of another command.",
    remedy: "Choose another --out folder, or remove this one.",
  },
  "send/address": {
    status: 422,
    summary: "Events cannot be sent to an address of this kind.",
    remedy: "Give an address that begins with http://, https://, mqtt:// or mqtts://.",
  },
  "send/packages": {
    status: 501,
    summary: "A library that sending needs is not installed.",
    remedy: "Install it as the message says.",
  },
});
