// Who does not want to be counted is not, and nothing of theirs stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeElement, Page, names } from "./browser.mjs";

const leftOvers = (page) => Object.keys(page.storage).filter((key) => key !== "clickmart.consent");

test("who opted out sends nothing, and their ids and their queue are forgotten", async () => {
  const page = await Page.open();
  page.clickmart.identify("u-1");
  page.clickmart.trackCustom("before");
  page.clickmart.optOut();
  page.clickmart.trackCustom("after");
  page.clickmart.identify("u-1");
  await page.click(new FakeElement("button", {}, "Add"));
  await page.clock.advance(60_000);
  await page.hide();
  await page.fire("pagehide");

  assert.deepEqual([page.requests, page.beacons], [[], []]);
  assert.deepEqual(leftOvers(page), []);
});

test("it holds for the next page and for tabs that are open already", async () => {
  const other = await Page.open();
  other.clickmart.trackCustom("in the other tab");
  const page = await Page.open(other);
  page.clickmart.optOut();
  const next = await Page.open(other);
  next.clickmart.trackCustom("later");
  await other.clock.advance(60_000);
  await other.fire("pagehide");

  assert.deepEqual([...other.requests, ...page.requests, ...next.requests, ...other.beacons], []);
  assert.deepEqual(leftOvers(page), []);
});

test("a tab that is left right after another one opted out hands nothing over", async () => {
  const other = await Page.open();
  other.clickmart.trackCustom("in the other tab");
  (await Page.open(other)).clickmart.optOut();
  await other.fire("pagehide");
  assert.deepEqual([other.beacons, leftOvers(other)], [[], []]);
});

test("who opts in again is somebody new", async () => {
  const page = await Page.open();
  page.clickmart.trackCustom("before");
  page.clickmart.optOut();
  page.clickmart.optIn();
  await page.clock.advance(5_000);
  const [before] = page.made();
  assert.deepEqual(names(page.sent()), ["page_view"]);
  assert.notEqual(page.sent()[0].clientId, before.clientId);
});

test("a shop that asks first stores and sends nothing before the answer", async () => {
  const page = await Page.open({ tag: { consent: "ask" }, referrer: "https://www.google.com/" });
  page.clickmart.trackCustom("before");
  page.clickmart.identify("u-1");
  await page.clock.advance(60_000);
  assert.deepEqual([page.requests, Object.keys(page.storage)], [[], []]);
  page.clickmart.optIn();
  page.clickmart.trackCustom("after");
  await page.clock.advance(5_000);
  assert.deepEqual(names(page.sent()), ["page_view", "after"]);
  assert.equal(page.sent()[0].referrer, "https://www.google.com/");

  const next = await Page.open({ ...page, tag: { consent: "ask" } });
  await next.clock.advance(5_000);
  assert.deepEqual(names(next.sent()), ["page_view"]);
});

for (const [signal, navigator] of Object.entries({
  "Do Not Track": { doNotTrack: "1" },
  "Global Privacy Control": { globalPrivacyControl: true },
}))
  test(`${signal} counts where the shop says so, unless the person does`, async () => {
    const respectful = await Page.open({ navigator, tag: { signals: "respect" } });
    await respectful.clock.advance(5_000);
    assert.deepEqual([respectful.requests, Object.keys(respectful.storage)], [[], []]);
    respectful.clickmart.optIn();
    await respectful.clock.advance(5_000);
    assert.deepEqual(names(respectful.sent()), ["page_view"]);

    const other = await Page.open({ navigator });
    await other.clock.advance(5_000);
    assert.deepEqual(names(other.sent()), ["page_view"]);
  });
