// As much of a browser as the tracker asks for, with a clock that is moved by hand and a server that answers as told.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import vm from "node:vm";

const FILE = process.env.TRACKER ?? new URL("../../tracker/clickmart.js", import.meta.url);
const SOURCE = new vm.Script(readFileSync(FILE, "utf8"), { filename: "clickmart.js" });
export const ENDPOINT = "https://api.example/clickstream";

export class FakeStorage {
  constructor(capacity = Infinity) {
    Object.defineProperty(this, "capacity", { value: capacity, writable: true });
  }
  get length() {
    return Object.keys(this).length;
  }
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }
  setItem(key, text) {
    const others = Object.entries(this).filter(([other]) => other !== key);
    const used = others.reduce((sum, [other, value]) => sum + other.length + value.length, 0);
    if (used + key.length + `${text}`.length > this.capacity) throw new Error("QuotaExceededError");
    this[key] = `${text}`;
  }
  removeItem(key) {
    delete this[key];
  }
}

// Of one browser: all its pages share one. A lock that nobody holds is given at once, but not in the same breath.
export class FakeLocks {
  held = new Set();

  async request(name, options, callback = options) {
    await undefined;
    if (this.held.has(name)) return callback(null);
    this.held.add(name);
    try {
      return await callback({ name });
    } finally {
      this.held.delete(name);
    }
  }
}

export class FakeElement {
  constructor(localName, attributes = {}, ...children) {
    Object.assign(this, { localName, attributes, children, dataset: {} });
    for (const child of children) if (child instanceof FakeElement) child.parent = this;
    for (const [name, value] of Object.entries(attributes))
      if (name.startsWith("data-")) this.dataset[name.slice(5).replace(/-(.)/g, (_, c) => c.toUpperCase())] = value;
  }
  get textContent() {
    return this.children.map((child) => child.textContent ?? child).join("");
  }
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }
  matches(selector) {
    return selector
      .split(",")
      .some((one) => (one.startsWith("[") ? one.slice(1, -1) in this.attributes : one === this.localName));
  }
  closest(selector) {
    return this.matches(selector) ? this : (this.parent?.closest(selector) ?? null);
  }
  querySelector(selector) {
    const inside = this.children.filter((child) => child instanceof FakeElement);
    return inside.find((child) => child.matches(selector) || child.querySelector(selector)) ?? null;
  }
}

export class Clock {
  now = Date.UTC(2026, 0, 5, 10);
  timers = new Map();
  ids = 0;

  setTimeout = (run, delay = 0) => {
    this.timers.set(++this.ids, { run, at: this.now + delay });
    return this.ids;
  };
  clearTimeout = (id) => this.timers.delete(id);

  async advance(ms) {
    const end = this.now + ms;
    for (;;) {
      await settled();
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].run();
    }
    this.now = end;
  }
}

// Everything that was waiting for an answer, a lock or a compression has gone on.
let compressions = 0;

export async function settled() {
  for (let turn = 0; turn < 30; turn = compressions ? 0 : turn + 1)
    await new Promise((resolve) => setImmediate(resolve));
}

class CountedResponse extends Response {
  async blob() {
    compressions++;
    return super.blob().finally(() => compressions--);
  }
}

export class Page {
  requests = []; // of fetch: { events, type, keepalive, isCompressed }
  beacons = [];
  told = [];
  said = [];
  answer = () => ({ status: 200 });
  beaconRoom = Infinity;

  constructor({ clock = new Clock(), storage = new FakeStorage(), locks = new FakeLocks(), ...rest } = {}) {
    const { url = "https://shop.example/", referrer = "", tag, globals = {}, navigator = {}, isHidden = false } = rest;
    Object.assign(this, { clock, storage, locks });
    const listeners = (this.listeners = {});
    const page = this;
    const location = new URL(url);
    const go = (_state, _title, to) => to && (location.href = new URL(to, location.href).href);
    const document = { referrer, cookie: "", hidden: isHidden, currentScript: tag ? { dataset: tag } : null };
    const window = {
      location,
      document,
      history: { pushState: go, replaceState: go },
      navigator: { locks, onLine: true, sendBeacon: (to, body) => page.takeBeacon(to, body), ...navigator },
      localStorage: storage,
      crypto: { randomUUID: () => crypto.randomUUID(), getRandomValues: (bytes) => crypto.getRandomValues(bytes) },
      console: { debug: (...words) => page.said.push(words.join(" ")) },
      fetch: (to, options) => page.takeRequest(to, options),
      addEventListener: (name, run) => (listeners[name] ??= []).push(run),
      dispatchEvent: ({ type, detail }) => {
        if (type === "clickmart") page.told.push(...detail.events.map((text) => [detail.state, JSON.parse(text)]));
      },
      CustomEvent: class {
        constructor(type, { detail }) {
          Object.assign(this, { type, detail });
        }
      },
      Date: class extends Date {
        constructor(...given) {
          super(...(given.length ? given : [clock.now]));
        }
        static now = () => clock.now;
      },
      setTimeout: clock.setTimeout,
      clearTimeout: clock.clearTimeout,
      ...{ AbortSignal, Blob, CompressionStream, Response: CountedResponse, TextEncoder, URL },
    };
    Object.defineProperties(window, Object.getOwnPropertyDescriptors(globals));
    window.window = window;
    this.window = vm.createContext(window);
    this.document = document;
    SOURCE.runInContext(this.window);
    this.clickmart = this.window.clickmart;
  }

  static async open(settings = {}) {
    const page = new Page({ tag: { endpoint: ENDPOINT, ...settings.tag }, ...without(settings, "tag") });
    await settled();
    return page;
  }

  async takeRequest(to, { body, ...options }) {
    const bytes = Buffer.from(typeof body === "string" ? body : await body.arrayBuffer());
    const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const events = JSON.parse(isCompressed ? gunzipSync(bytes) : bytes);
    this.requests.push({ to, events, isCompressed, type: body.type ?? "text", ...options });
    const { status, retryAfter = null } = (await this.answer(events, this.requests.length)) ?? {};
    if (!status) throw new TypeError("Failed to fetch");
    return { status, headers: { get: (name) => (name === "retry-after" ? retryAfter : null) } };
  }

  takeBeacon(to, body) {
    const size = Buffer.byteLength(body);
    if (size > this.beaconRoom) return false;
    this.beaconRoom -= size;
    this.beacons.push({ to, body, size });
    return true;
  }

  beaconed() {
    return this.beacons.flatMap(({ body }) => JSON.parse(body));
  }

  fire(name, event = {}) {
    for (const run of this.listeners[name] ?? []) run(event);
    return settled();
  }

  click(target) {
    return this.fire("click", { target });
  }

  hide() {
    this.document.hidden = true;
    return this.fire("visibilitychange");
  }

  // What the page made, in order, however it left and whether it left.
  made(name) {
    const events = this.told.filter(([state]) => state === "queued").map(([, event]) => event);
    return name ? events.filter(({ eventName }) => eventName === name) : events;
  }

  sent() {
    return this.requests.flatMap(({ events }) => events);
  }

  kept() {
    return Object.keys(this.storage).filter((key) => key.startsWith("clickmart.event."));
  }
}

const without = (given, name) => Object.fromEntries(Object.entries(given).filter(([other]) => other !== name));
export const ids = (events) => events.map(({ eventId }) => eventId).sort();
export const names = (events) => events.map(({ eventName }) => eventName);
