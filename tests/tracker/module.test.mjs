// The same tracker by `import`, with types, also where there is no browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import clickmart, * as named from "../../tracker/clickmart.mjs";

const folder = new URL("../../tracker/", import.meta.url);

test("every helper has an export and a type", () => {
  const types = readFileSync(new URL("clickmart.d.ts", folder), "utf8");
  const typed = [...types.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(
    Object.keys(named)
      .filter((name) => name !== "default")
      .sort(),
    Object.keys(clickmart).sort(),
  );
  assert.deepEqual(typed.sort(), Object.keys(clickmart).sort());
});

test("where a shop renders its pages on a server, calls do nothing", () => {
  for (const helper of Object.values(clickmart)) assert.equal(helper({ endpoint: "https://api.example/" }), undefined);
});

test("the names are those that shops import today", () => {
  const formerly = [
    ...["trackPageView", "trackClick", "trackCustom", "trackHomeView", "trackCategoryView", "trackProductView"],
    ...["trackAddToCart", "trackRemoveFromCart", "trackWishlistToggle", "trackShareClick", "trackLoginOpen"],
    ...["trackLoginSuccess", "trackLogout", "trackCheckoutStart", "trackCheckoutComplete"],
  ];
  for (const name of formerly) assert.equal(typeof named[name], "function", name);
});
