import assert from "node:assert/strict";
import { test } from "node:test";
import { bugs } from "../../sabotage/bugs.ts";
import { Copy } from "../../sabotage/copy.ts";

// Two of the bugs that `npm run logs:sabotage` plants, in the first seeds only.

const shown = [
  ["a node votes for everyone who asks", "one-vote-per-term"],
  ["a follower's commit index may fall", "committed-overwritten"],
] as const;

test("what a node with a bug writes shows the bug", async () => {
  await Promise.all(
    shown.map(async ([name, code]) => {
      const bug = bugs.find((each) => each.name === name);
      assert(bug, `there is no bug called ${name}`);
      const copy = await Copy.make();
      try {
        await copy.plant(bug);
        const seen: unknown = JSON.parse(await copy.run("test/logs/watch-files.ts", "3"));
        assert(isObject(seen) && isObject(seen["errors"]));
        assert(code in seen["errors"], `${name}: ${JSON.stringify(seen["errors"])}`);
      } finally {
        await copy.remove();
      }
    }),
  );
});

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
