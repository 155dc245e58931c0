// The cart and the order that it becomes.
import { priceOf, productOf } from "./catalogue.js";
import { memory } from "./memory.js";

const FREE_FROM = 80;
const SHIPPING = 4.9;

const draw = (length) =>
  Array.from({ length }, () => "ABCDEFGHJKMNPQRSTUVWXYZ23456789"[Math.floor(Math.random() * 31)]).join("");

const load = () => memory.get("cart", { id: null, quantities: {} });

export function lines() {
  return Object.entries(load().quantities).map(([id, quantity]) => ({ ...productOf(id), quantity }));
}

export function change(id, by) {
  const cart = load();
  cart.id ??= `cart-${draw(8)}`;
  cart.quantities[id] = (cart.quantities[id] ?? 0) + by;
  if (cart.quantities[id] <= 0) delete cart.quantities[id];
  memory.set("cart", cart);
  dispatchEvent(new Event("cart"));
}

export function totals(items = lines()) {
  const goods = items.reduce((sum, item) => sum + priceOf(item) * item.quantity, 0);
  const shipping = goods === 0 || goods >= FREE_FROM ? 0 : SHIPPING;
  const itemCount = items.reduce((sum, { quantity }) => sum + quantity, 0);
  return { goods, shipping, total: Math.round((goods + shipping) * 100) / 100, itemCount, cartId: load().id };
}

// Kept, so that its page can be opened again.
export function order(name) {
  const items = lines();
  const made = { orderId: `H-${draw(6)}`, name, items, ...totals(items) };
  memory.set("orders", { ...memory.get("orders", {}), [made.orderId]: made });
  memory.set("cart", { id: null, quantities: {} });
  return made;
}

export const orderOf = (id) => memory.get("orders", {})[id];
