// More than one page at a time, and one after the other: nothing is lost, and nothing is sent twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeLocks, Page, ids, names, settled } from "./browser.mjs";

const quiet = { tag: { pageViews: "off" } };
const offline = { ...quiet, navigator: { onLine: false } };

test("what a page leaves behind is sent by the next one", async () => {
  const first = await Page.open(offline);
  first.clickmart.trackCustom("one");
  first.clickmart.trackCustom("two");
  await first.fire("pagehide");

  const next = await Page.open({ ...first, ...quiet });
  await next.clock.advance(5_000);
  assert.deepEqual(
    next.sent().map(({ eventId }) => eventId),
    first.made().map(({ eventId }) => eventId),
  );
  assert.deepEqual(names(next.sent()), ["one", "two"]);
  assert.deepEqual(next.kept(), []);
});

test("a page that died without a word is found out by its lock", async () => {
  const first = await Page.open(quiet);
  first.clickmart.trackCustom("one");
  first.locks.held.clear(); // the browser lets go of what a dead page held
  first.clock.timers.clear();

  const next = await Page.open({ ...first, ...quiet });
  await next.clock.advance(5_000);
  assert.deepEqual(ids(next.sent()), ids(first.made()));
});

test("two tabs at once each send their own", async () => {
  const one = await Page.open(quiet);
  one.clickmart.trackCustom("one");
  const two = await Page.open({ ...one, ...quiet });
  two.clickmart.trackCustom("two");
  await two.fire("visibilitychange");
  await one.clock.advance(5_000);

  assert.deepEqual(names(one.sent()), ["one"]);
  assert.deepEqual(names(two.sent()), ["two"]);
  assert.deepEqual(one.kept(), []);
});

test("of many heirs at once only one inherits", async () => {
  const first = await Page.open(offline);
  for (let i = 0; i < 10; i++) first.clickmart.trackCustom(`event_${i}`);
  await first.fire("pagehide");

  const heirs = await Promise.all([1, 2, 3, 4].map(() => Page.open({ ...first, ...quiet })));
  await first.clock.advance(5_000);
  assert.deepEqual(ids(heirs.flatMap((heir) => heir.sent())), ids(first.made()));
});

test("a tab that is open already takes over when it comes back into sight, or online", async () => {
  for (const occasion of ["visibilitychange", "online"]) {
    const stays = await Page.open(quiet);
    const goes = await Page.open({ ...stays, ...offline });
    goes.clickmart.trackCustom("one");
    await goes.fire("pagehide");
    await stays.fire(occasion);
    await stays.clock.advance(5_000);
    assert.deepEqual(ids(stays.sent()), ids(goes.made()), occasion);
  }
});

test("a page from the browser's back-forward cache goes on, with what is still its own", async () => {
  const page = await Page.open(offline);
  page.clickmart.trackCustom("left behind");
  await page.fire("pagehide", { persisted: true });
  const other = await Page.open({ ...page, ...quiet });
  await other.clock.advance(5_000);
  assert.deepEqual(names(other.sent()), ["left behind"]);

  await page.fire("pageshow", { persisted: true });
  page.clickmart.trackCustom("back");
  await page.clock.advance(5_000);
  assert.deepEqual(names(page.sent()), ["back"]);
});

test("the lock is let go with the page, which may so be kept for the way back", async () => {
  const page = await Page.open(quiet);
  assert.equal(page.locks.held.size, 1);
  await page.fire("pagehide");
  assert.equal(page.locks.held.size, 0);
});

test("where there are no locks, only what has waited for long is taken over", async () => {
  const navigator = { locks: undefined };
  const first = await Page.open({ ...quiet, navigator: { ...navigator, onLine: false } });
  first.clickmart.trackCustom("one");
  await first.fire("pagehide");
  first.clock.timers.clear();

  const soon = await Page.open({ ...first, ...quiet, navigator });
  await soon.clock.advance(10_000);
  assert.deepEqual(soon.sent(), []);
  await first.clock.advance(60_000);
  const later = await Page.open({ ...first, ...quiet, navigator });
  await later.clock.advance(5_000);
  assert.deepEqual(ids(later.sent()), ids(first.made()));
});

test("locks that are refused are as good as none", async () => {
  class Refusing extends FakeLocks {
    async request() {
      throw new Error("SecurityError");
    }
  }
  const page = await Page.open({ ...quiet, locks: new Refusing() });
  page.clickmart.trackCustom("one");
  assert.equal(page.kept().length, 1);
  await page.clock.advance(5_000);
  assert.deepEqual(names(page.sent()), ["one"]);
});

test("nobody takes what a page queues before its lock is its own", async () => {
  const page = new Page({ tag: { endpoint: "https://api.example/clickstream", ...quiet.tag } });
  page.clickmart.trackCustom("early");
  assert.deepEqual(page.kept(), []);
  await settled();
  assert.equal(page.kept().length, 1);
});
