// What stands around every page: header, footer, and the drawer that shows what is being sent.
import { totals } from "./basket.js";
import { drawer } from "./drawer.js";
import { memory } from "./memory.js";

export const main = document.querySelector("#main");
export const customer = () => memory.get("customer");
export const query = new URLSearchParams(location.search);

// All text that is not ours goes through here.
export const safe = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function logOut() {
  clickmart.trackLogout();
  memory.set("customer", null);
  location.assign("/");
}

function header() {
  const { itemCount } = totals();
  const person = customer();
  const unit = itemCount === 1 ? "item" : "items";
  const counted = itemCount ? ` <span class="count">${itemCount}<span class="unseen"> ${unit}</span></span>` : "";
  return `
    <header class="top">
      <a class="brand" href="/">Halden<span>quiet things for the table</span></a>
      <nav aria-label="Shop">
        ${
          person
            ? `<span class="hello" data-clickmart-private>${safe(person.name)}</span>
               <button class="link" data-do="log-out" data-clickmart-ignore>Log out</button>`
            : `<a href="/login">Log in</a>`
        }
        <a href="/cart">Cart${counted}</a>
      </nav>
    </header>`;
}

function footer() {
  const isOut = memory.get("isOut", false);
  return `
    <footer class="bottom">
      <p>Halden is a demo. Nothing is sold, nothing is charged, and every event stays on this machine.</p>
      <button class="link" data-do="consent" aria-pressed="${!isOut}" data-clickmart-ignore>
        ${isOut ? "Your clicks are not counted. Count them" : "Your clicks are counted. Stop that"}
      </button>
    </footer>`;
}

const actions = {
  "log-out": logOut,
  consent() {
    const isOut = !memory.get("isOut", false);
    memory.set("isOut", isOut);
    if (isOut) clickmart.optOut();
    else clickmart.optIn();
    document.querySelector("footer.bottom").outerHTML = footer();
  },
};

export function show(html) {
  main.innerHTML = html;
}

let silence;

export function say(text) {
  const news = document.querySelector(".news");
  news.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => (news.textContent = ""), 5_000);
}

document.body.insertAdjacentHTML("afterbegin", `<a class="skip" href="#main">To the content</a>${header()}`);
document.body.insertAdjacentHTML("beforeend", `${footer()}<p class="news" role="status"></p>`);
document.body.append(drawer());
addEventListener("cart", () => (document.querySelector("header.top").outerHTML = header()));
addEventListener("click", ({ target }) => actions[target.closest("[data-do]")?.dataset.do]?.());
