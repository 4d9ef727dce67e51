/** @file What `tsumugi federate join` and `status` print. */
import Table from "cli-table3";
import { counted } from "../../core/counted.ts";
import type { Federation } from "../../federation/federationFile.ts";
import { points } from "../../site/adapt/judge.ts";
import { type FederateOutcome, federateTask } from "../../tasks/federate.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(federateTask, (outcome) => {
  if (outcome.step === "join") joined(outcome);
  else status(outcome.federation);
});

function joined({ weights, learned, taken }: Extract<FederateOutcome, { readonly step: "join" }>): void {
  print(
    `all rounds are over; took part in ${counted(taken, "round")}${learned > taken ? `, came late in ${learned - taken}` : ""}`,
  );
  print(`the common weights: ${weights}`);
}

function status({ settings, rounds, variant }: Federation): void {
  const { rounds: all, minimumSites, steps, deadlineMinutes } = settings;
  print(
    `${variant}: ${counted(all, "round")} of ${counted(steps, "step")} at each site, at least ${counted(minimumSites, "site")}, ${deadlineMinutes} minutes for each half of a round`,
  );
  const table = new Table({
    head: ["round", "state", "updates (frames)", "gains, points", "reason"],
    style: { head: [], border: [] },
  });
  for (const { round, phase, updates, gains, reason } of rounds) {
    const inOrder = updates.toSorted((a, b) => (a.site < b.site ? -1 : 1));
    const sent = inOrder.map(({ site, frames, factor }) => `${site} (${frames}${factor < 1 ? ", clipped" : ""})`);
    const gained = gains.map(({ site, gain }) => `${site} ${gain === null ? "?" : points(gain)}`);
    table.push([round, phase, sent.join("\n"), gained.join("\n"), reason ?? ""]);
  }
  print(table.toString());
}
