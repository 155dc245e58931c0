// What stands in an event: its fields, who made it, and what is kept out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, FakeStorage, Page, names } from "./browser.mjs";

const MINUTE = 60_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an event has the fields that the warehouse reads", async () => {
  const page = await Page.open({ url: "https://shop.example/p/1?a=b", referrer: "https://www.google.com/" });
  page.clickmart.trackProductView({ id: "sku-1", price: 9 });
  await page.clock.advance(5_000);

  const [event] = page.sent();
  assert.match(event.eventId, UUID);
  assert.match(event.clientId, UUID);
  assert.match(event.sessionId, UUID);
  assert.deepEqual(
    { ...event, eventId: 0, clientId: 0, sessionId: 0 },
    {
      sentAt: "2026-01-05T10:00:05.000Z",
      eventName: "product_view",
      eventId: 0,
      eventTimestamp: "2026-01-05T10:00:00.000Z",
      pageUrl: "https://shop.example/p/1?a=b",
      referrer: "https://www.google.com/",
      userLoginState: "anonymous",
      clientId: 0,
      sessionId: 0,
      isFirstVisit: true,
      product: { id: "sku-1", price: 9 },
    },
  );
});

test("each helper sends the name and the payload that the marts know", async () => {
  const page = await Page.open({ tag: { pageViews: "off" } });
  const { clickmart } = page;
  const product = { id: "sku-1", name: "Mug", brand: { name: "Halden" }, slug: { current: "mug" }, stock: 7 };
  clickmart.trackPageView();
  clickmart.trackHomeView();
  clickmart.trackCategoryView({ categoryId: "c-1", categoryName: "Cups" });
  clickmart.trackProductView(product);
  clickmart.trackAddToCart({ ...product, quantity: 2 });
  clickmart.trackRemoveFromCart(product);
  clickmart.trackWishlistToggle(product, true);
  clickmart.trackWishlistToggle(product, false);
  clickmart.trackShareClick(product, "mail");
  clickmart.trackLoginOpen();
  clickmart.trackCheckoutStart({ cartId: "cart-1", total: 19.8, itemCount: 2 });
  clickmart.trackCheckoutComplete({
    orderId: "A1",
    total: "19.80",
    itemCount: 2,
    items: [{ _id: "sku-1", quantity: 2 }],
  });
  clickmart.trackExperiment("button", "warm");
  clickmart.trackCustom("search", { query: "mug" });

  const sku = { id: "sku-1", name: "Mug", brand: "Halden", urlPath: "/product/mug" };
  const told = page.told.map(([, { eventName, product, element, items, query }]) =>
    JSON.parse(JSON.stringify([eventName, { product, element, items, query }])),
  );
  assert.deepEqual(told, [
    ["page_view", {}],
    ["home_view", {}],
    ["category_view", { product: { id: "c-1", category: "Cups" } }],
    ["product_view", { product: sku }],
    ["add_to_cart_click", { product: { ...sku, quantity: 2 } }],
    ["remove_from_cart_click", { product: sku }],
    ["wishlist_click", { product: sku }],
    ["wishlist_remove_click", { product: sku }],
    ["share_click", { product: sku, element: { dataset: { channel: "mail" } } }],
    ["login_open", {}],
    ["checkout_start", { element: { dataset: { cartId: "cart-1", total: 19.8, itemCount: 2 } } }],
    [
      "checkout_complete",
      {
        element: { dataset: { orderId: "A1", total: "19.80", itemCount: 2 } },
        items: [{ id: "sku-1", quantity: 2 }],
      },
    ],
    ["experiment_exposure", { element: { dataset: { experiment: "button", variant: "warm" } } }],
    ["search", { query: "mug" }],
  ]);
});

test("a person is who was identified, until they log out", async () => {
  const page = await Page.open({ tag: { pageViews: "off" } });
  page.clickmart.trackCustom("before");
  page.clickmart.trackLoginSuccess({ userId: "u-1" });
  page.clickmart.trackCustom("within");
  page.clickmart.trackCustom("other", { plain: 1 }, { userId: "u-2", userLoginState: "guest" });
  page.clickmart.trackLogout();
  page.clickmart.trackCustom("after");

  assert.deepEqual(
    page.made().map(({ eventName, userId, userLoginState }) => [eventName, userId, userLoginState]),
    [
      ["before", undefined, "anonymous"],
      ["login_success", "u-1", "logged_in"],
      ["within", "u-1", "logged_in"],
      ["other", "u-2", "guest"],
      ["logout", "u-1", "logged_in"],
      ["after", undefined, "anonymous"],
    ],
  );
});

test("the next page knows the person, too; reset makes it forget them and keep the device", async () => {
  const first = await Page.open();
  first.clickmart.identify("ü~ser; 1", "guest");
  const next = await Page.open(first);
  next.clickmart.trackCustom("one");
  next.clickmart.reset();
  next.clickmart.trackCustom("two");

  const [, one, two] = next.made();
  assert.deepEqual([one.userId, one.userLoginState], ["ü~ser; 1", "guest"]);
  assert.deepEqual([two.userId, two.userLoginState], [undefined, "anonymous"]);
  assert.equal(two.clientId, one.clientId);
});

test("a session ends after more than half an hour of silence and is shared by all tabs", async () => {
  const one = await Page.open();
  await one.clock.advance(20 * MINUTE);
  const two = await Page.open(one);
  two.clickmart.trackCustom("in the second tab");
  await one.clock.advance(30 * MINUTE);
  one.clickmart.trackCustom("after exactly half an hour");
  await one.clock.advance(30 * MINUTE + 1);
  two.clickmart.trackCustom("after more");

  const [first] = one.made();
  assert.equal(two.made().at(-2).sessionId, first.sessionId);
  assert.equal(one.made().at(-1).sessionId, first.sessionId);
  assert.notEqual(two.made().at(-1).sessionId, first.sessionId);
  assert.deepEqual(
    [first, two.made().at(-1)].map(({ isFirstVisit }) => isFirstVisit),
    [true, false],
  );
  assert.equal(new Set([...one.made(), ...two.made()].map(({ clientId }) => clientId)).size, 1);
});

test("where localStorage is blocked a cookie remembers, and where that is, too, the page does", async () => {
  const blocked = {
    get localStorage() {
      throw new Error("SecurityError");
    },
  };
  const jar = new Map();
  const cookies = {
    get: () => [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
    set: (text) => {
      const [, name, value] = text.match(/^(.*?)=(.*?);/);
      return text.includes("max-age=0") ? jar.delete(name) : jar.set(name, value);
    },
  };
  const open = async (hasCookies) => {
    const page = new Page({ globals: blocked });
    if (hasCookies) Object.defineProperty(page.document, "cookie", cookies);
    else
      Object.defineProperty(page.document, "cookie", {
        get() {
          throw new Error("SecurityError");
        },
      });
    page.clickmart.init({ endpoint: "https://api.example/clickstream" });
    page.clickmart.trackCustom("one");
    page.clickmart.trackCustom("two");
    await page.clock.advance(5_000);
    return page.sent();
  };

  const [first, second, bare] = [await open(true), await open(true), await open(false)];
  assert.equal(second[0].clientId, first[0].clientId);
  assert.deepEqual([first[0].isFirstVisit, second[0].sessionId], [true, first[0].sessionId]);
  assert.deepEqual(names(bare), ["page_view", "one", "two"]);
  assert.equal(new Set(bare.map(({ clientId }) => clientId)).size, 1);
  assert.equal(new Set(bare.map(({ sessionId }) => sessionId)).size, 1);
});

test("a full localStorage costs nothing but what it can no longer hold", async () => {
  const page = await Page.open({ storage: new FakeStorage(400) });
  for (const name of ["one", "two", "three"]) page.clickmart.trackCustom(name, { text: "x".repeat(100) });
  await page.clock.advance(5_000);

  assert.deepEqual(names(page.sent()), ["page_view", "one", "two", "three"]);
  assert.equal(new Set(page.sent().map(({ sessionId }) => sessionId)).size, 1);
});

test("pages on plain http have ids, too", async () => {
  const page = await Page.open({
    globals: {
      crypto: {},
      URL: { createObjectURL: () => `blob:http://shop/${crypto.randomUUID()}`, revokeObjectURL() {} },
    },
  });
  page.clickmart.trackCustom("one");
  assert.match(page.made()[1].eventId, UUID);
  assert.notEqual(page.made()[1].eventId, page.made()[0].eventId);
});

test("what the warehouse could not store is left out, and takes nothing else along", async () => {
  const page = await Page.open({ tag: { pageViews: "off" } });
  page.clickmart.trackCustom("nul", { text: "a\0b\ud800c😀\\u0000", "ke\0y": 1 });
  page.clickmart.trackCustom("n".repeat(200));
  page.clickmart.trackCustom("  ");
  page.clickmart.trackCustom("large", { text: "é".repeat(17_000) });
  page.clickmart.trackCustom("almost large", { text: "x".repeat(32_000) });

  const [nul, long, large] = page.made();
  assert.deepEqual([nul.text, nul.key], ["abc😀\\u0000", 1]);
  assert.equal(long.eventName, "n".repeat(128));
  assert.equal(large.eventName, "almost large");
  assert.equal(page.made().length, 3);
  assert.match(page.said.join(), /too large: large/);
});

test("calls before init count from when they were made", async () => {
  const clock = new Clock();
  const page = new Page({ clock });
  page.clickmart.trackProductView({ id: "sku-1" });
  await clock.advance(2_000);
  page.clickmart.init({ endpoint: "https://api.example/clickstream" });
  await clock.advance(5_000);

  assert.deepEqual(
    page.sent().map(({ eventName, eventTimestamp }) => [eventName, eventTimestamp]),
    [["product_view", "2026-01-05T10:00:00.000Z"]],
  );
});
