import { check } from "recheck";
import { asJavaScript } from "./oniguruma.ts";
import type { Pattern } from "./pattern.ts";

export type Judgement =
  | { readonly kind: "safe" }
  /** There is a text for which it takes longer than the text is long; `attack` makes it. */
  | { readonly kind: "vulnerable"; readonly complexity: string; readonly attack: string }
  | { readonly kind: "unknown"; readonly why: string };

const timeoutMillis = 20_000;

/**
 * What the tool recheck says of a pattern. It tries to prove that matching takes a time in
 * proportion to the text, and where it cannot, searches for a text that shows the contrary.
 */
export async function judge({ source, flags, engine }: Pattern): Promise<Judgement> {
  const translated = engine === "Oniguruma" ? asJavaScript(source) : source;
  if (translated === undefined) return { kind: "unknown", why: "Oniguruma alone has this syntax" };
  // The sets of the flag v are a matter of which characters, not of how often.
  const found = await checked(translated, flags.replace("v", "u"));
  switch (found.status) {
    case "safe":
      return { kind: "safe" };
    case "vulnerable":
      return {
        kind: "vulnerable",
        complexity: found.complexity.summary,
        attack: found.attack.pattern,
      };
    case "unknown":
      return { kind: "unknown", why: found.error.kind };
    default:
      return found satisfies never;
  }
}

/** Its program for this machine is three times as fast as its JavaScript, but not for all there. */
async function checked(source: string, flags: string): ReturnType<typeof check> {
  const settings = { timeout: timeoutMillis, randomSeed: 1 };
  process.env["RECHECK_BACKEND"] ??= "native";
  try {
    return await check(source, flags, settings);
  } catch (error) {
    if (process.env["RECHECK_BACKEND"] === "pure") throw error;
    process.env["RECHECK_BACKEND"] = "pure";
    return check(source, flags, settings);
  }
}
