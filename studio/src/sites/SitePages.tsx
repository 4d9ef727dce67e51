/** @file The pages of sites and of training, which are loaded when one of them is first shown. */
import type { LatePage } from "../clip/address.ts";
import { TrainingPage } from "../training/TrainingPage.tsx";
import "./sites.css";
import { SitePage } from "./SitePage.tsx";
import { SitesPage } from "./SitesPage.tsx";

export function SitePages({ shown }: { readonly shown: LatePage }) {
  if (shown.page === "sites") return <SitesPage />;
  if (shown.page === "training") return <TrainingPage />;
  return <SitePage id={shown.id} part={shown.page} />;
}
