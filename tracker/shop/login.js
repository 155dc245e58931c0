import { main, show } from "./frame.js";
import { memory } from "./memory.js";

show(`
  <section class="narrow">
    <h1>Log in</h1>
    <form class="form">
      <label>Name <input name="name" autocomplete="username" required /></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
      <button class="primary" data-clickmart-ignore>Log in</button>
      <p class="maker">Any name and any password will do. The password goes nowhere.</p>
    </form>
  </section>`);
clickmart.trackLoginOpen();

main.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = new FormData(event.target).get("name").trim();
  memory.set("customer", { name });
  clickmart.trackLoginSuccess({ userId: `customer-${name.toLowerCase().replace(/\W+/g, "-")}` });
  location.assign("/");
});
