// For whoever watches: the last events of this tab, and how far they have come.
import { ofThisTab } from "./memory.js";

const SHOWN = 40;
const LABELS = { queued: "waiting", sent: "sent", handed: "handed", refused: "refused", dropped: "dropped" };
const events = ofThisTab.get("events", []);

function line({ state, time, event }) {
  const item = document.createElement("details");
  const { eventName, product, element } = event;
  const what = product?.name ?? product?.category ?? element?.text ?? Object.values(element?.dataset ?? {})[0] ?? "";
  const summary = item.appendChild(document.createElement("summary"));
  for (const [name, text] of [
    ["state", LABELS[state]],
    ["name", eventName],
    ["what", what],
    ["time", time],
  ]) {
    const part = summary.appendChild(document.createElement("span"));
    part.className = name;
    part.textContent = text;
  }
  item.className = state;
  item.appendChild(document.createElement("pre")).textContent = JSON.stringify(event, null, 2);
  return item;
}

export function drawer() {
  const box = document.createElement("aside");
  box.className = "drawer";
  box.setAttribute("aria-label", "What is being sent");
  box.dataset.clickmartPrivate = "";
  box.innerHTML = `
    <button class="handle" aria-expanded="false" aria-controls="events">
      What is being sent <span class="waiting"></span>
    </button>
    <div id="events" hidden><p class="empty">Nothing yet.</p></div>`;
  const [handle, list] = box.children;

  function draw() {
    const waiting = events.filter(({ state }) => state === "queued").length;
    const sent = events.filter(({ state }) => state === "sent" || state === "handed").length;
    handle.querySelector(".waiting").textContent = events.length ? `${sent} sent, ${waiting} waiting` : "";
    if (events.length && !list.hidden) list.replaceChildren(...[...events].reverse().map(line));
    ofThisTab.set("events", events);
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    handle.setAttribute("aria-expanded", String(isOpen));
    ofThisTab.set("isDrawerOpen", isOpen);
    draw();
  }

  handle.addEventListener("click", () => open(list.hidden));
  addEventListener("clickmart", ({ detail }) => {
    for (const text of detail.events) {
      const event = JSON.parse(text);
      const known = events.find((each) => each.event.eventId === event.eventId);
      if (known) known.state = detail.state;
      else events.push({ state: detail.state, time: new Date(event.eventTimestamp).toLocaleTimeString(), event });
    }
    events.splice(0, events.length - SHOWN);
    draw();
  });
  open(ofThisTab.get("isDrawerOpen", false));
  return box;
}
