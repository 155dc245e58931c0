import { lines, order, totals } from "./basket.js";
import { money } from "./catalogue.js";
import { customer, main, safe, show } from "./frame.js";

const { total, itemCount, cartId } = totals();

if (lines().length === 0) location.replace("/cart");
else {
  show(`
    <h1>Checkout</h1>
    <div class="two">
      <form class="form">
        <label>Name <input name="name" autocomplete="name" required value="${safe(customer()?.name ?? "")}" /></label>
        <label>E-mail <input name="mail" type="email" autocomplete="email" required /></label>
        <label>Card number
          <input name="card" inputmode="numeric" autocomplete="cc-number" required placeholder="any digits will do" />
        </label>
        <button class="primary">Order for ${money(total)}</button>
        <p class="maker">No field of this form is ever tracked.</p>
      </form>
      <section class="sum" aria-label="What you order">
        <dl>
          ${lines()
            .map((item) => `<dt>${item.quantity} × ${item.name}</dt><dd></dd>`)
            .join("")}
          <dt class="total">Total</dt><dd class="total">${money(total)}</dd>
        </dl>
      </section>
    </div>`);
  if (!customer()) clickmart.identify(null, "guest");
  clickmart.trackCheckoutStart({ cartId, total, itemCount });

  main.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const { orderId } = order(new FormData(event.target).get("name"));
    location.assign(`/thank-you?order=${orderId}`);
  });
}
