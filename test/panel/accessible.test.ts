/** The page of the panel, in Chromium: what axe-core finds, and how its texts stand out. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import type { Selection } from "../../src/panel/index.ts";
import { openSample } from "../support/sample-pictures.ts";
import { measureContrast } from "./contrast.ts";
import { PreviewServer, showSample } from "./preview.ts";

const themes = ["dark", "light", "hc-dark", "hc-light"] as const;
const wide = [[1400, 900]] as const;
const allSizes = [[400, 800], [800, 900], [1000, 800], ...wide] as const;
interface Look {
  readonly sample: string;
  readonly selection?: Selection;
  readonly sizes: readonly (readonly [number, number])[];
}
const looks: readonly Look[] = [
  { sample: "normal-live", sizes: allSizes },
  { sample: "normal", selection: { kind: "node", node: "n2" }, sizes: wide },
  { sample: "normal-past", selection: { kind: "entry", index: 8 }, sizes: allSizes },
  { sample: "election", sizes: wide },
  { sample: "partition", selection: { kind: "entry", index: 9 }, sizes: wide },
  { sample: "violation", sizes: wide },
  { sample: "tour", sizes: wide },
  { sample: "n25", sizes: wide },
  { sample: "n50", sizes: wide },
  { sample: "empty", sizes: allSizes },
];

/** WCAG 2.2 asks for 4.5; the high-contrast themes are for those who need 7 (§1.4.6). */
const leastContrast = { dark: 4.5, light: 4.5, "hc-dark": 7, "hc-light": 7 };

let server: PreviewServer;
before(async () => {
  server = await PreviewServer.start();
});
after(() => server.stop());

for (const { sample, selection = null, sizes } of looks) {
  for (const theme of themes) {
    test(`${sample}, with ${selection?.kind ?? "nothing"} selected, can be read by all in ${theme}`, async () => {
      const preview = await server.open({ theme, width: 1600, height: 900 });
      const { page, errors } = preview;
      const wrong: string[] = [];
      // A page that is left open goes on drawing, and everything after it gets slow.
      try {
        await showSample(preview, openSample(sample, selection));
        for (const [width, height] of sizes) {
          await page.setViewportSize({ width, height });
          await page.waitForTimeout(150);
          await page.evaluate(axe.source);
          const violations: readonly { id: string; nodes: readonly { html: string }[] }[] =
            await page.evaluate(async () => {
              const run = Reflect.get(globalThis, "axe").run;
              const options = { resultTypes: ["violations"] };
              return (await run(document, options)).violations;
            });
          const at = `${width} × ${height}`;
          wrong.push(...violations.map(({ id, nodes }) => `${at}: ${id}: ${nodes[0]?.html}`));
          const { measured, faint } = await measureContrast(page, leastContrast[theme]);
          assert(measured > (sample === "empty" ? 3 : 20), `only ${measured} texts`);
          wrong.push(
            ...faint.map(({ text, element, ratio }) => {
              return `${at}: ${element} “${text.trim()}” has ${ratio.toFixed(2)}`;
            }),
          );
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          if (overflow > 0) wrong.push(`${at}: the page is wider than its window`);
        }
        wrong.push(...errors);
        assert.deepEqual(wrong, []);
      } finally {
        await page.close();
      }
    });
  }
}
