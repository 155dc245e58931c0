// How events leave the page: in batches, again where it failed, and at last.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeStorage, Page, ids, names } from "./browser.mjs";

const quiet = { tag: { pageViews: "off" } };

function track(page, count, payload) {
  for (let i = 0; i < count; i++) page.clickmart.trackCustom(`event_${i}`, payload);
}

test("a batch leaves after five seconds, or with its 25th event", async () => {
  const page = await Page.open(quiet);
  track(page, 24);
  await page.clock.advance(4_999);
  assert.equal(page.requests.length, 0);
  await page.clock.advance(1);
  assert.deepEqual(
    page.requests.map(({ events }) => events.length),
    [24],
  );

  track(page, 25);
  await page.clock.advance(0);
  assert.deepEqual(
    page.requests.map(({ events }) => events.length),
    [24, 25],
  );
  assert.deepEqual(ids(page.sent()), ids(page.made()));
  assert.deepEqual(page.kept(), []);
});

test("no request makes the browser ask first, and what is compressed arrives byte by byte", async () => {
  const page = await Page.open(quiet);
  track(page, 1);
  await page.clock.advance(5_000);
  track(page, 25);
  await page.clock.advance(0);

  assert.deepEqual(
    page.requests.map(({ method, type, isCompressed, keepalive, headers }) => [
      method,
      type,
      isCompressed,
      keepalive,
      headers,
    ]),
    [
      ["POST", "text", false, true, undefined],
      ["POST", "application/x-www-form-urlencoded", true, true, undefined],
    ],
  );
});

test("a browser that cannot compress sends as it is", async () => {
  const page = await Page.open({ ...quiet, globals: { CompressionStream: undefined } });
  track(page, 25);
  await page.clock.advance(0);
  assert.deepEqual([page.requests[0].isCompressed, page.requests[0].events.length], [false, 25]);
});

for (const [what, answer] of [
  ["500", { status: 500 }],
  ["503", { status: 503 }],
  ["429", { status: 429 }],
  ["no answer", {}],
])
  test(`after ${what} the same events are sent again, later each time`, async () => {
    const page = await Page.open(quiet);
    const times = [];
    page.answer = (_, attempt) => (times.push(page.clock.now), attempt < 5 ? answer : { status: 200 });
    track(page, 25);
    await page.clock.advance(120_000);

    assert.equal(page.requests.length, 5);
    for (const { events } of page.requests) assert.deepEqual(ids(events), ids(page.made()));
    const pauses = times.slice(1).map((time, i) => time - times[i]);
    pauses.forEach((pause, i) => assert.ok(pause >= 500 * 2 ** i && pause <= 1_500 * 2 ** i, `${pauses}`));
    assert.deepEqual(page.kept(), []);
  });

test("the server says when to come back, in seconds or as a date, and is believed up to an hour", async () => {
  const at = (seconds) => new Date(Date.UTC(2026, 0, 5, 10) + seconds * 1_000).toUTCString();
  for (const [retryAfter, seconds] of [
    ["90", 90],
    [at(90), 90],
    ["99999999", 3_600],
  ]) {
    const page = await Page.open(quiet);
    const times = [];
    page.answer = () => (times.push(page.clock.now), times.length < 2 ? { status: 429, retryAfter } : { status: 200 });
    track(page, 25);
    await page.clock.advance(4_000_000);
    assert.equal(times[1] - times[0], seconds * 1_000, retryAfter);
  }
});

for (const status of [400, 401, 403, 404])
  test(`${status} is final: the events are gone and said to be`, async () => {
    const page = await Page.open(quiet);
    page.answer = () => ({ status });
    track(page, 25);
    await page.clock.advance(600_000);
    assert.equal(page.requests.length, 1);
    assert.equal(page.told.filter(([state]) => state === "refused").length, 25);
    assert.deepEqual(page.kept(), []);
  });

test("too large a batch is halved until it fits; a single event that is too large is given up", async () => {
  const page = await Page.open(quiet);
  page.answer = (events) => ({ status: events.length > 7 || events.some(({ huge }) => huge) ? 413 : 200 });
  track(page, 24);
  page.clickmart.trackCustom("huge", { huge: true });
  await page.clock.advance(60_000);

  const accepted = page.requests.filter(({ events }) => events.length <= 7 && !events.some(({ huge }) => huge));
  assert.deepEqual(ids(accepted.flatMap(({ events }) => events)), ids(page.made().filter(({ huge }) => !huge)));
  assert.deepEqual(
    page.told.filter(([state]) => state === "refused").map(([, { eventName }]) => eventName),
    ["huge"],
  );
  assert.ok(page.requests.length < 20, `${page.requests.length} requests`);
});

test("after a long time offline all that waited leaves in few requests, each small enough to outlive the page", async () => {
  const page = await Page.open(quiet);
  page.answer = () => ({});
  track(page, 600, { text: "x".repeat(300) });
  await page.clock.advance(60_000);
  page.requests = [];
  page.answer = () => ({ status: 200 });
  await page.fire("online");
  await page.clock.advance(10_000);

  assert.deepEqual(ids(page.sent()), ids(page.made()));
  assert.ok(page.requests.length < 10, `${page.requests.length} requests`);
  for (const { events } of page.requests) assert.ok(JSON.stringify(events).length <= 64_000);
});

test("a full queue drops its oldest and says how many", async () => {
  const page = await Page.open(quiet);
  page.answer = () => ({});
  track(page, 25);
  await page.clock.advance(0);
  track(page, 978);
  assert.equal(page.told.filter(([state]) => state === "dropped").length, 3);
  assert.equal(page.made().at(-1).droppedEvents, 1);
  page.answer = () => ({ status: 200 });
  page.requests = [];
  await page.fire("online");
  await page.clock.advance(30_000);
  assert.deepEqual(names(page.sent()), names(page.made()).slice(3));
});

test("events that are large fill no more of localStorage than their share", async () => {
  const page = await Page.open({ ...quiet, storage: new FakeStorage(5_000_000) });
  page.answer = () => ({});
  track(page, 100, { text: "x".repeat(30_000) });
  const characters = page.kept().reduce((sum, key) => sum + page.storage[key].length, 0);
  assert.ok(characters > 900_000 && characters <= 1_000_000, `${characters}`);
});

test("what is left when the page goes leaves with a beacon", async () => {
  const page = await Page.open();
  page.clickmart.trackCustom("last");
  await page.fire("pagehide");
  assert.deepEqual(names(page.beaconed()), ["page_view", "last"]);
  assert.deepEqual(page.kept(), []);
});

test("beacons are split, and what the browser takes no more waits for the next page", async () => {
  const page = await Page.open(quiet);
  page.beaconRoom = 100_000;
  track(page, 20, { text: "x".repeat(10_000) });
  await page.fire("pagehide");

  assert.equal(page.beacons.length, 1);
  assert.ok(page.beacons[0].size <= 65_536);
  const taken = page.beaconed();
  assert.equal(page.kept().length, 20 - taken.length);

  const next = await Page.open({ ...page, tag: quiet.tag });
  await next.clock.advance(30_000);
  assert.deepEqual(ids([...taken, ...next.sent()]), ids(page.made()));
});

test("offline, or where the server fails, nothing is given to a beacon that nobody would miss", async () => {
  const page = await Page.open({ ...quiet, navigator: { onLine: false } });
  track(page, 3);
  await page.fire("pagehide");
  assert.deepEqual([page.beacons.length, page.kept().length], [0, 3]);
});

test("what is on its way when the page goes is not sent a second time by a beacon", async () => {
  const page = await Page.open(quiet);
  let arrive;
  page.answer = () => new Promise((resolve) => (arrive = () => resolve({ status: 200 })));
  track(page, 25);
  await page.clock.advance(0);
  page.clickmart.trackCustom("late");
  await page.fire("pagehide");
  arrive();
  await page.clock.advance(0);
  assert.deepEqual(names(page.beaconed()), ["late"]);
  assert.deepEqual(page.kept(), []);
});

test("a page that is hidden sends at once, by a request whose answer it hears", async () => {
  const page = await Page.open();
  page.clickmart.trackCustom("one");
  await page.hide();
  assert.deepEqual(names(page.sent()), ["page_view", "one"]);
  assert.deepEqual([page.requests[0].keepalive, page.requests[0].isCompressed], [true, false]);
});
