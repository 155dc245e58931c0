// What is seen without being told: pages and clicks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeElement, Page, names } from "./browser.mjs";

const h = (...given) => new FakeElement(...given);
const views = (page) =>
  page.made().map(({ eventName, pageUrl, referrer }) => [eventName, new URL(pageUrl).pathname, referrer]);

test("each address is seen once, and the page before is its referrer", async () => {
  const page = await Page.open({ url: "https://shop.example/", referrer: "https://www.google.com/" });
  const { history, location } = page.window;
  history.replaceState(null, "", "/");
  history.pushState(null, "", "/cups");
  history.pushState(null, "", "/cups");
  history.pushState(null, "", "/cups#reviews");
  location.href = "https://shop.example/";
  await page.fire("popstate");
  await page.clock.advance(5_000);

  assert.deepEqual(views(page), [
    ["page_view", "/", "https://www.google.com/"],
    ["page_view", "/cups", "https://shop.example/"],
    ["page_view", "/", "https://shop.example/cups"],
  ]);
});

test("a shop that routes behind the hash has pages, too", async () => {
  const page = await Page.open({ url: "https://shop.example/#/" });
  page.window.history.pushState(null, "", "#/p/1");
  await page.clock.advance(5_000);
  assert.deepEqual(names(page.made()), ["page_view", "page_view"]);
});

test("the name of a page that the shop gives stands for its page view", async () => {
  const page = await Page.open();
  page.clickmart.trackHomeView();
  page.window.history.pushState(null, "", "/p/1");
  page.clickmart.trackProductView({ id: "sku-1" });
  page.window.history.pushState(null, "", "/about");
  page.clickmart.trackPageView();
  page.window.history.pushState(null, "", "/cart");
  page.clickmart.trackCustom("cart_view");
  await page.clock.advance(5_000);

  assert.deepEqual(names(page.made()), ["home_view", "product_view", "page_view", "page_view", "cart_view"]);
});

test("history works as before, whatever happens in us", async () => {
  const calls = [];
  const page = new Page({ tag: { endpoint: "https://api.example/clickstream" } });
  const own = { pushState: (...given) => calls.push(given) };
  page.window.history.pushState.call(own, { a: 1 }, "", "/x");
  page.window.history.pushState.apply(own, []);
  assert.deepEqual(calls, []);
});

test("a page that was rendered ahead is seen when it is shown", async () => {
  const page = new Page();
  page.document.prerendering = true;
  page.clickmart.init({ endpoint: "https://api.example/clickstream" });
  await page.clock.advance(60_000);
  assert.deepEqual([page.made(), page.requests], [[], []]);
  await page.fire("prerenderingchange");
  await page.clock.advance(5_000);
  assert.deepEqual(names(page.sent()), ["page_view"]);
});

test("a click tells of the button or link it was on", async () => {
  const page = await Page.open();
  const icon = h("svg");
  h("button", { id: "buy", role: "button", "data-cart-id": "cart-1" }, icon, "  Add \n to cart ");
  await page.click(icon);
  await page.click(h("button", { "aria-label": "Close" }));
  await page.click(h("div", {}, "Dear Anna, your card ends in 4242"));
  await page.clock.advance(0);

  assert.deepEqual(
    page.made("click").map(({ element }) => element),
    [
      { tag: "button", id: "buy", role: "button", text: "Add to cart", dataset: { cartId: "cart-1" } },
      { tag: "button", id: "", role: "", text: "Close", dataset: {} },
      { tag: "div", id: "", role: "", text: "", dataset: {} },
    ],
  );
});

test("no click reads what people type, their addresses and card numbers, or what is private", async () => {
  const page = await Page.open();
  const secrets = ["hunter2", "anna@example.com", "4111 1111 1111 1111", "4111111111111111", "PRIVATE"];
  const inside = h("b", {}, "PRIVATE");
  const targets = [
    ...["password", "email", "text", "tel", "submit"].map((type) => h("input", { type, value: "hunter2" })),
    h("textarea", {}, "hunter2"),
    h("select", {}, h("option", {}, "hunter2")),
    h("div", { contenteditable: "" }, "hunter2"),
    h("label", {}, "Note", h("textarea", {}, "hunter2")),
    h("button", { "data-mail": "anna@example.com" }, "Hello anna@example.com"),
    h("a", {}, "Card 4111 1111 1111 1111"),
    h("a", { "data-card": "4111111111111111" }, "4111111111111111"),
    h("button", {}, "Hello ", h("span", { "data-clickmart-private": "" }, "PRIVATE")),
    h("section", { "data-clickmart-private": "" }, h("button", {}, inside)) && inside,
  ];
  targets[5].value = targets[0].value = "hunter2";
  for (const target of targets) await page.click(target);
  await page.clock.advance(0);

  assert.equal(page.made("click").length, targets.length - 1);
  for (const secret of secrets) assert.ok(!JSON.stringify(page.made()).includes(secret), secret);
});

test("a click that a helper tells of already is not told twice", async () => {
  const page = await Page.open();
  const marked = h("button", { "data-clickmart-ignore": "" }, "Add");
  const formerly = h("button", { "global-clickstream-ignore-click": "true" }, "Add");
  const link = h("a", {}, "Cups");
  await page.click(marked);
  await page.click(formerly);
  const event = { target: link };
  await page.fire("click", event);
  page.clickmart.trackClick({ event, userId: "u-1" });
  await page.fire("click", { target: link });
  page.window.__global_clickstream_ignore_click_once = true;
  await page.clock.advance(0);

  assert.equal(page.made("click").length, 1);
  assert.equal(page.window.__global_clickstream_ignore_click_once, undefined);
});

test("what is switched off is not seen", async () => {
  const page = await Page.open({ tag: { pageViews: "off", clicks: "off" } });
  page.window.history.pushState(null, "", "/cups");
  await page.click(h("button", {}, "Add"));
  page.clickmart.trackPageView();
  await page.clock.advance(5_000);
  assert.deepEqual(names(page.sent()), ["page_view"]);
});

test("a script that stands in the page twice sees everything once", async () => {
  const page = await Page.open();
  page.clickmart.init({ endpoint: "https://elsewhere.example/" });
  await page.click(h("button", {}, "Add"));
  await page.clock.advance(5_000);
  assert.deepEqual(names(page.sent()), ["page_view", "click"]);
  assert.equal(page.requests[0].to, "https://api.example/clickstream");
});
