import { orderOf } from "./basket.js";
import { money } from "./catalogue.js";
import { query, safe, show } from "./frame.js";
import { picture } from "./pictures.js";

const order = orderOf(query.get("order"));

if (!order) location.replace("/");
else {
  show(`
    <section class="hero thanks">
      <h1>Thank you, ${safe(order.name.split(" ")[0])}.</h1>
      <p>Order <strong>${order.orderId}</strong> over ${money(order.total)} is on its way, as far as a demo can send it.</p>
      <div class="strip">${order.items.map(picture).join("")}</div>
      <a class="primary" href="/">Back to the shop</a>
    </section>`);
  const { orderId, total, itemCount, cartId, items } = order;
  clickmart.trackCheckoutComplete({ orderId, total, itemCount, cartId, items });
}
