import assert from "node:assert/strict";
import { test } from "node:test";
import { panelHtml } from "../../../src/extension/panel-html.ts";

const page = {
  script: "https://host/dist/panel.js",
  styles: ["https://host/media/panel.css", "https://host/dist/codicon.css"],
  source: "https://host",
  nonce: "abc123",
  title: "Raft Cluster",
  language: "en",
};
const html = panelHtml(page);

test("nothing may be loaded but the one script with the nonce, and our styles, fonts and pictures", () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
  assert.deepEqual(policy.split("; "), [
    "default-src 'none'",
    "script-src 'nonce-abc123'",
    "style-src https://host",
    "font-src https://host",
    "img-src https://host",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test("the page has no script, style or handler of its own in it", () => {
  const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
  assert.equal(scripts.length, 1);
  assert.match(scripts[0]?.[1] ?? "", /nonce="abc123"/);
  assert.equal(scripts[0]?.[2], "");
  assert.doesNotMatch(html, /<style|style=|\son\w+=|javascript:/);
  assert.equal(html.match(/rel="stylesheet"/g)?.length, 2);
});

test("what is put into the page cannot end what it stands in", () => {
  const hostile = panelHtml({
    ...page,
    title: '</title><script>alert("1")</script>',
    language: '"><b>',
    styles: ['x"><img src=y onerror=z>'],
  });
  assert.doesNotMatch(hostile, /<script>alert|<b>|<img/);
});
