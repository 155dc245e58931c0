import { categories, money, products } from "./catalogue.js";
import { main, show } from "./frame.js";
import { picture } from "./pictures.js";

const card = (product) => `
  <li>
    <a class="card" href="${product.urlPath}">
      ${picture(product)}
      <span class="name">${product.name}</span>
      <span class="maker">${product.brand}</span>
      ${price(product)}
    </a>
  </li>`;

const price = ({ price, discountPrice }) =>
  discountPrice
    ? `<span class="price"><s>${money(price)}</s> <strong>${money(discountPrice)}</strong></span>`
    : `<span class="price">${money(price)}</span>`;

function draw() {
  const id = new URLSearchParams(location.search).get("category");
  const category = categories.find((each) => each.id === id);
  const tabs = [{ id: "", name: "Everything" }, ...categories];
  show(`
    <section class="hero">
      <h1>${category ? category.name : "Made slowly,<br />used daily."}</h1>
      <p>${category ? "Small batches, signed on the foot." : "Stoneware, glass and oak from three small workshops."}</p>
    </section>
    <nav class="tabs" aria-label="Categories">
      ${tabs
        .map(
          (each) =>
            `<a href="${each.id ? `/?category=${each.id}` : "/"}" ${each.id === (id ?? "") ? 'aria-current="page"' : ""}>${each.name}</a>`,
        )
        .join("")}
    </nav>
    <ul class="grid">${products
      .filter((each) => !category || each.categoryId === id)
      .map(card)
      .join("")}</ul>`);
  if (category) clickmart.trackCategoryView({ categoryId: id, categoryName: category.name });
  else clickmart.trackHomeView();
}

main.addEventListener("click", (event) => {
  const tab = event.target.closest(".tabs a");
  if (!tab || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  if (tab.href !== location.href) {
    history.pushState(null, "", tab.href);
    draw();
    main.querySelector("[aria-current]").focus();
  }
});
addEventListener("popstate", draw);
draw();
