/** @file The page that tracks in the browser alone. */
import { render } from "preact";
import { followFocus } from "../../src/parts/focus.ts";
import "../../src/parts/theme.ts";
import "../../src/studio.css";
import { Alone } from "./alone.ts";
import "./alone.css";
import { AlonePage } from "./AlonePage.tsx";

followFocus();
render(<AlonePage model={new Alone()} />, document.querySelector("#studio") as HTMLElement);
