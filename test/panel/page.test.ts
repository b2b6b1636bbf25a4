/** What the page of the panel does, in Chromium: by keys, over a reload, and when things go wrong. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { PanelUpdate } from "../../src/panel/index.ts";
import { openSample } from "../support/sample-pictures.ts";
import { PreviewServer, showSample, type Preview, type PreviewOptions } from "./preview.ts";

const size = { theme: "dark", width: 1400, height: 900 } as const;

let server: PreviewServer;
before(async () => {
  server = await PreviewServer.start();
});
after(() => server.stop());

/** A page with a sample, left as soon as the test is over: a page that runs slows down the next. */
async function withPage(
  sample: string,
  look: (preview: Preview) => Promise<void>,
  options: Partial<PreviewOptions> = {},
): Promise<void> {
  const preview = await server.open({ ...size, ...options });
  try {
    await showSample(preview, openSample(sample, null));
    await look(preview);
  } finally {
    await preview.page.close();
  }
}

async function lastOf(preview: Preview, kind: string): Promise<unknown> {
  const all = await preview.requests();
  return all.findLast((request) => JSON.stringify(request).includes(`"kind":"${kind}"`));
}

test("by keys alone one goes from node to node, selects one, and lets go of it", async () => {
  await withPage("normal", async (preview) => {
    const { page } = preview;
    await page.locator(".ring [data-node]").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    const node = await page.locator(".ring [data-node]:focus").getAttribute("data-node");
    assert.equal(node, "n2");
    assert.deepEqual(await lastOf(preview, "select"), {
      kind: "select",
      selection: { kind: "node", node: "n2" },
    });
    assert.equal(await page.locator(".ring .node.is-selected").count(), 1);
    // Beyond the nodes stand the messages.
    await page.keyboard.press("End");
    const label = await page.locator(".ring [data-flight]:focus").getAttribute("aria-label");
    assert.match(label ?? "", /^\w+ from n\d to n\d, term \d/);
    assert.deepEqual(preview.errors, []);
  });
});

test("keys that a control uses do not reach the document, where VS Code takes them", async () => {
  await withPage("normal", async ({ page }) => {
    await page.evaluate(() => {
      const heard: string[] = [];
      Reflect.set(globalThis, "heard", heard);
      document.addEventListener("keydown", ({ key }) => heard.push(key));
    });
    await page.locator(".toolbar [data-command='submitEntry']").focus();
    await page.keyboard.press(" ");
    await page.locator(".ring [data-node]").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("x");
    assert.deepEqual(await page.evaluate(() => Reflect.get(globalThis, "heard")), ["x"]);
  });
});

test("a button runs its command, on the selected node where that matters", async () => {
  await withPage("normal", async (preview) => {
    const { page } = preview;
    await page.locator(".ring [data-node='n3']").click();
    await page.locator(".toolbar [data-command='crashNode']").click();
    assert.deepEqual(await lastOf(preview, "run"), {
      kind: "run",
      command: "crashNode",
      node: "n3",
    });
    assert(await page.locator(".toolbar [data-command='goLive']").isDisabled());
  });
});

test("what is selected is still selected after the window was loaded anew", async () => {
  const selection = { kind: "node", node: "n4" };
  await withPage(
    "normal",
    async (preview) => {
      assert.deepEqual(await lastOf(preview, "select"), { kind: "select", selection });
      assert.equal(await preview.page.locator(".ring .node.is-selected").count(), 1);
    },
    { state: { selection, hadCluster: true } },
  );
});

test("without a cluster it says whether there was one, and offers to start it", async () => {
  for (const hadCluster of [false, true]) {
    await withPage(
      "empty",
      async (preview) => {
        const title = await preview.page.locator("h1:visible").innerText();
        assert.match(title, hadCluster ? /stopped with its window/ : /No cluster yet/);
        await preview.page.locator(".button.primary:visible").click();
        assert.deepEqual(await lastOf(preview, "run"), { kind: "run", command: "startCluster" });
      },
      { state: { selection: null, hadCluster } },
    );
  }
});

test("an update that it cannot understand is told, and the page stays", async () => {
  await withPage("normal", async ({ page }) => {
    await page.evaluate(() => postMessage({ kind: "opened", picture: 1 }, "*"));
    await page.locator(".failed").waitFor();
    assert.match(await page.locator(".failed").innerText(), /does not understand its extension/);
    assert(await page.locator(".ring").isVisible());
  });
});

test("a message moves from frame to frame, but hops where motion is reduced", async () => {
  for (const reducesMotion of [false, true]) {
    await withPage(
      "normal-live",
      async (preview) => {
        await preview.tell(onItsWay(openSample("normal-live", null).opened));
        const places = await placesOf(preview);
        if (reducesMotion) assert.equal(places.size, 1);
        else assert(places.size >= enoughPlaces, `${places.size} places`);
      },
      { reducesMotion },
    );
  }
});

/** At so many places a message must have been seen to say that it moves. */
const enoughPlaces = 5;

/** One message, a minute on its way. */
function onItsWay(update: PanelUpdate): PanelUpdate {
  if (update.kind !== "opened") throw new Error("there is no cluster to look at");
  const { picture } = update;
  const [flight] = picture.flights;
  if (flight === undefined) throw new Error("nothing flies");
  const { time } = picture.clock;
  const slow = { ...flight, id: 1_000_000, sent: time, arrival: time + 60_000, end: null };
  return { ...update, picture: { ...picture, flights: [slow] } };
}

/** Where the message is seen within some seconds, or until it has moved enough. */
async function placesOf({ page }: Preview): Promise<ReadonlySet<string>> {
  const places = await page.evaluate(async (enough) => {
    const found = new Set<string>();
    const end = performance.now() + 4000;
    while (performance.now() < end && found.size < enough) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const mover = document.querySelector("[data-flight='1000000'] > g");
      if (mover instanceof SVGElement) found.add(mover.style.transform);
    }
    return [...found];
  }, enoughPlaces);
  assert(places.length > 0, "the message is nowhere to be seen");
  return new Set(places);
}
