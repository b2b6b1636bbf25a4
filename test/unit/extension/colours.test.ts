import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { contrast, distance, visions } from "./colours.ts";

// The colours of terms, for eyes that see all colours and for those that do not.

const kinds = ["dark", "light", "highContrast", "highContrastLight"] as const;

/** The editor's background in VS Code's default themes. */
const backgrounds = {
  dark: "#1f1f1f",
  light: "#ffffff",
  highContrast: "#000000",
  highContrastLight: "#ffffff",
};

/** WCAG asks for 4.5, and for 7 where somebody has chosen high contrast (§1.4.3, §1.4.6). */
const leastContrast = { dark: 4.5, light: 4.5, highContrast: 7, highContrastLight: 7 };

/** In CIE L*a*b*; a just noticeable difference is about 2.3. Terms that follow on each other matter most. */
const leastDistance = {
  dark: { next: 40, any: 25 },
  light: { next: 38, any: 24 },
  highContrast: { next: 45, any: 26 },
  highContrastLight: { next: 32, any: 20 },
};

const hex = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/));
const manifest = v.parse(
  v.object({
    contributes: v.object({
      colors: v.array(
        v.object({
          id: v.string(),
          description: v.pipe(v.string(), v.startsWith("%")),
          defaults: v.object({ dark: hex, light: hex, highContrast: hex, highContrastLight: hex }),
        }),
      ),
    }),
  }),
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")),
);
const { colors } = manifest.contributes;

test("there are six, for six terms in a row", () => {
  assert.deepEqual(
    colors.map(({ id }) => id),
    [1, 2, 3, 4, 5, 6].map((term) => `raftLab.term${term}`),
  );
});

for (const kind of kinds) {
  const set = colors.map(({ defaults }) => defaults[kind]);

  test(`${kind}: a text on each can be read, and each on the editor`, () => {
    for (const colour of set) {
      const ratio = contrast(colour, backgrounds[kind]);
      assert(ratio >= leastContrast[kind], `${colour}: ${ratio.toFixed(2)}`);
    }
  });

  for (const [vision, matrix] of Object.entries(visions)) {
    test(`${kind}: no two look alike, with ${vision} vision`, () => {
      for (const [at, one] of set.entries()) {
        for (const [to, other] of set.entries()) {
          if (to <= at) continue;
          const isNext = to - at === 1 || (at === 0 && to === set.length - 1);
          const least = leastDistance[kind][isNext ? "next" : "any"];
          const far = distance(one, other, matrix);
          assert(far >= least, `${one} and ${other}: ${far.toFixed(1)}`);
        }
      }
    });
  }
}

test("the measure itself: black on white is 21 to 1, and blue and pink are alike to some", () => {
  assert.equal(Math.round(contrast("#000000", "#ffffff")), 21);
  // Two terms in a row of RaftScope's.
  const [blue, pink] = ["#8da0cb", "#e78ac3"];
  const { normal, protanopia } = visions;
  assert(normal !== undefined && protanopia !== undefined);
  assert(distance(blue, pink, normal) > 30);
  assert(distance(blue, pink, protanopia) < 5);
});
