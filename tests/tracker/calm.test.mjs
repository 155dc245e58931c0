// Nothing that a page, a browser or a server does makes the tracker throw into the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ENDPOINT, FakeElement, FakeStorage, Page, names } from "./browser.mjs";

const throwing = (what) => ({
  get() {
    throw new Error(what);
  },
  enumerable: true,
});
const cycle = {};
cycle.self = cycle;
const trap = Object.defineProperties({}, { id: throwing("id"), price: throwing("price"), endpoint: throwing("e") });
const proxy = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new Error("ownKeys");
    },
    get: () => {
      throw new Error("get");
    },
  },
);
const odd = [undefined, null, 0, NaN, 10n, "text", Symbol("s"), () => {}, [], {}, cycle, trap, proxy, new Date(NaN)];

test("no helper throws or returns anything, whatever it is given", async () => {
  const page = await Page.open();
  for (const [name, helper] of Object.entries(page.clickmart))
    for (const one of odd) for (const two of odd) assert.equal(helper(one, two, one), undefined, name);
  await page.clock.advance(60_000);
  assert.ok(page.sent().every(({ eventName, eventId }) => eventName && eventId));
});

test("a field that cannot be written is left out, and the event is sent", async () => {
  const page = await Page.open({ tag: { pageViews: "off" } });
  const payload = Object.defineProperties({ good: 1, cycle, big: 1n }, { bad: throwing("bad") });
  page.clickmart.trackCustom("one", payload);
  page.clickmart.trackAddToCart(trap);
  const [one, two] = page.made();
  assert.deepEqual([one.good, "cycle" in one, "big" in one, "bad" in one], [1, false, false, false]);
  assert.deepEqual([two.eventName, "product" in two], ["add_to_cart_click", false]);
});

const absent = { value: undefined };
for (const [what, globals] of Object.entries({
  "no crypto": { crypto: absent },
  "no fetch": { fetch: absent },
  "a fetch that throws": {
    fetch: {
      value: () => {
        throw new Error("CSP");
      },
    },
  },
  "no Blob": { Blob: absent },
  "no TextEncoder": { TextEncoder: absent },
  "no AbortSignal": { AbortSignal: absent },
  "no storage": { localStorage: throwing("SecurityError") },
  "no CustomEvent": { CustomEvent: absent },
  "a history that is frozen": { history: { value: Object.freeze({ pushState() {} }) } },
  "a location that throws": { location: throwing("location") },
  "a console that throws": {
    console: {
      value: {
        debug: () => {
          throw new Error("console");
        },
      },
    },
  },
}))
  test(`a browser with ${what} is left in peace`, async () => {
    const open = () => new Page({ tag: { endpoint: ENDPOINT }, globals: Object.defineProperties({}, globals) });
    await open().clock.advance(60_000);
    const page = open();
    page.clickmart.trackProductView({ id: 1 });
    page.clickmart.trackCustom("cyclic", cycle);
    await page.click(new FakeElement("button", {}, "Add"));
    await page.clock.advance(60_000);
    await page.hide();
    await page.fire("pagehide");
  });

test("locks that throw keep nobody from being counted", async () => {
  const locks = {
    request: () => {
      throw new Error("locks");
    },
  };
  const page = await Page.open({ locks });
  await page.click(new FakeElement("button", {}, "Add"));
  await page.clock.advance(5_000);
  assert.deepEqual(names(page.sent()), ["page_view", "click"]);
});

test("a beacon that throws or is missing loses nothing", async () => {
  for (const sendBeacon of [
    undefined,
    () => {
      throw new Error("CSP");
    },
  ]) {
    const page = await Page.open({ navigator: { sendBeacon } });
    page.clickmart.trackCustom("one");
    await page.fire("pagehide");
    assert.equal(page.kept().length, 2);
  }
});

test("what others wrote into our storage does no harm", async () => {
  for (const garbage of ["", "~", "{", "%E0%A4%A", "[1]", "null", "~NaN~~", `x~${Infinity}~true`]) {
    const storage = new FakeStorage();
    for (const name of ["client", "session", "user", "event.x", "event.a.b.c"]) storage[`clickmart.${name}`] = garbage;
    const page = await Page.open({ storage });
    page.clickmart.trackCustom("one");
    await page.clock.advance(5_000);
    assert.equal(page.sent().at(-1).eventName, "one", garbage);
    assert.ok(page.made().at(-1).clientId && page.made().at(-1).sessionId, garbage);
  }
});

test("without an address nothing happens, and nothing piles up", async () => {
  const page = new Page({ tag: {} });
  for (let i = 0; i < 5_000; i++) page.clickmart.trackCustom("one");
  page.clickmart.init();
  page.clickmart.init({ endpoint: "" });
  page.clickmart.init({ endpoint: ENDPOINT });
  await page.clock.advance(600_000);
  assert.ok(page.sent().length <= 1_001);
});

test("a page that left mid-answer is not disturbed", async () => {
  const page = await Page.open();
  let arrive;
  page.answer = () => new Promise((resolve) => (arrive = resolve));
  await page.clock.advance(5_000);
  page.clickmart.optOut();
  arrive({ status: 500 });
  await page.clock.advance(600_000);
  assert.equal(page.requests.length, 1);
});
