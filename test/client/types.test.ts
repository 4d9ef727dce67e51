import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("the client's types are those of the API", async () => {
  const script = fileURLToPath(new URL("../../scripts/clientTypes.js", import.meta.url));
  const { stderr } = await promisify(execFile)(process.execPath, [script, "--check"]).catch(
    (error: { stderr: string }) => error,
  );
  expect(stderr).toBe("");
});
