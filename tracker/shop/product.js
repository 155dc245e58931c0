import { change, totals } from "./basket.js";
import { money, products, productOf } from "./catalogue.js";
import { EXPERIMENT, wordsOfButton } from "./experiment.js";
import { main, query, say, show } from "./frame.js";
import { memory } from "./memory.js";
import { picture } from "./pictures.js";

const product = productOf(query.get("id")) ?? products[0];
const { variant, text } = wordsOfButton();
const wishes = () => memory.get("wishes", []);
const isWished = () => wishes().includes(product.id);

document.title = `${product.name} · Halden`;
show(`
  <article class="product">
    <div class="frame">${picture(product)}</div>
    <div class="facts">
      <p class="crumb"><a href="/?category=${product.categoryId}">${product.category}</a></p>
      <h1>${product.name}</h1>
      <p class="maker">by ${product.brand}</p>
      <p class="price">${
        product.discountPrice
          ? `<s>${money(product.price)}</s> <strong>${money(product.discountPrice)}</strong>`
          : money(product.price)
      }</p>
      <p>${product.text}</p>
      <div class="buttons">
        <button class="primary" id="buy" data-clickmart-ignore>${text}</button>
        <button class="round" id="wish" aria-label="Remember it" aria-pressed="${isWished()}" data-clickmart-ignore>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 20S4 15 4 9a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 6-8 11-8 11z"/></svg>
        </button>
      </div>
      <ul class="notes">
        <li>Free delivery from € 80</li>
        <li>Thirty days to change your mind</li>
        <li>Safe in the dishwasher, unless it is oak</li>
      </ul>
    </div>
  </article>`);

clickmart.trackProductView(product);
clickmart.trackExperiment(EXPERIMENT, variant);

main.querySelector("#buy").addEventListener("click", () => {
  change(product.id, 1);
  clickmart.trackAddToCart({ ...product, quantity: 1 });
  say(`${product.name} is in your cart, which holds ${totals().itemCount}.`);
});

main.querySelector("#wish").addEventListener("click", ({ currentTarget }) => {
  memory.set("wishes", isWished() ? wishes().filter((id) => id !== product.id) : [...wishes(), product.id]);
  currentTarget.setAttribute("aria-pressed", String(isWished()));
  clickmart.trackWishlistToggle(product, isWished());
});
