import { change, lines, totals } from "./basket.js";
import { money, priceOf, productOf } from "./catalogue.js";
import { main, show } from "./frame.js";
import { picture } from "./pictures.js";

const row = (item) => `
  <li class="row">
    <a href="${item.urlPath}">${picture(item)}</a>
    <div>
      <a class="name" href="${item.urlPath}">${item.name}</a>
      <p class="maker">${item.quantity} × ${money(priceOf(item))}</p>
    </div>
    <p class="price">${money(priceOf(item) * item.quantity)}</p>
    <button class="link" data-remove="${item.id}" aria-label="Remove ${item.name}" data-clickmart-ignore>Remove</button>
  </li>`;

function draw() {
  const items = lines();
  const { goods, shipping, total } = totals();
  show(
    items.length
      ? `
    <h1>Your cart</h1>
    <div class="two">
      <ul class="rows">${items.map(row).join("")}</ul>
      <section class="sum" aria-label="Sum">
        <dl>
          <dt>Goods</dt><dd>${money(goods)}</dd>
          <dt>Delivery</dt><dd>${shipping ? money(shipping) : "free"}</dd>
          <dt class="total">Total</dt><dd class="total">${money(total)}</dd>
        </dl>
        <a class="primary" href="/checkout">To checkout</a>
      </section>
    </div>`
      : `
    <section class="hero">
      <h1>Your cart is empty</h1>
      <p>It will not stay so for long.</p>
      <a class="primary" href="/">Look around</a>
    </section>`,
  );
}

main.addEventListener("click", ({ target }) => {
  const { remove } = target.dataset;
  if (!remove) return;
  const { quantity } = lines().find(({ id }) => id === remove);
  change(remove, -quantity);
  clickmart.trackRemoveFromCart({ ...productOf(remove), quantity });
  draw();
});
draw();
clickmart.trackCustom("cart_view");
