// Writes the page that tracks in the browser alone: npm run studio:static -- FOLDER. Any web server can serve the folder.
import { writeAlone } from "../dist/server/alone/writeAlone.js";

const [folder = "studio-static"] = process.argv.slice(2);
await writeAlone(folder);
process.stdout.write(
  `${folder}: serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp\n`,
);
