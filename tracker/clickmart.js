// Clickmart's tracker: what happens in a web shop, in batches, to POST /clickstream. See docs/tracker.md.
(() => {
  if (globalThis.clickmart) return;

  const OURS = "clickmart.";
  const EVENT = `${OURS}event.`;
  const SESSION_MS = 30 * 60_000;
  const FLUSH_AT = 25;
  const FLUSH_MS = 5_000;
  const ANSWER_MS = 30_000;
  const STALE_MS = 60_000;
  const MAX_PAUSE_MS = 60 * 60_000;
  // What browsers take from a page that is being left is 65,536 bytes; ingest takes more, but only 32,768 an event.
  const MAX_REQUEST_BYTES = 64_000;
  const MAX_EVENT_BYTES = 32_700;
  // The shop wants some of localStorage's 5 MB, too.
  const MAX_WAITING = 1_000;
  const MAX_WAITING_CHARACTERS = 1_000_000;
  const WORTH_COMPRESSING = 1_000;

  const PAGE_VIEW = /^(page|home|category|product)_view$/;
  const TYPED_IN = "input,select,textarea,[contenteditable]";
  const CLICKABLE = `a,button,summary,label,[role],${TYPED_IN}`;
  const PRIVATE = "[data-clickmart-private]";
  const IGNORED = "[data-clickmart-ignore],[global-clickstream-ignore-click]";
  const SECRETS = /\S+@\S+|\d(?:[ -]?\d){12,}/g; // e-mail addresses; numbers as long as a card's

  const settings = {};
  const isBrowser = typeof document === "object";
  let isStarted, store, client, user, owner, die, viewed, referrer, view, clicked, timer;
  let session = { at: 0 };
  let queue = []; // what waits: each event's text and, where it outlives the page, its key
  let sending = [];
  let held = []; // composed before init, or while something that says more may yet replace it
  let mostEvents = MAX_WAITING;
  let failures = 0;
  let notBefore = 0;
  let dropped = 0;
  let counter = 1e6;

  // Whatever goes wrong here is no business of the page.
  function attempt(action) {
    try {
      return action();
    } catch (problem) {
      note(problem);
    }
  }

  function note(...words) {
    try {
      console.debug("clickmart:", ...words);
    } catch {}
  }

  // Pages on plain http have no randomUUID; but to every blob a browser gives an address that ends in one.
  function uuid() {
    if (globalThis.crypto?.randomUUID) return crypto.randomUUID();
    const url = URL.createObjectURL(new Blob());
    URL.revokeObjectURL(url);
    return url.slice(-36);
  }

  // ---- What the browser keeps: in localStorage, else in cookies; else all lives as long as the page.

  const cookies = {
    getItem: (key) =>
      document.cookie
        .split("; ")
        .find((pair) => pair.startsWith(`${key}=`))
        ?.slice(key.length + 1),
    setItem: (key, text) => (document.cookie = `${key}=${text};path=/;max-age=34000000;samesite=lax`),
    removeItem: (key) => (document.cookie = `${key}=;path=/;max-age=0`),
  };

  function works(candidate) {
    const key = `${OURS}probe`;
    candidate.setItem(key, key);
    const isKept = candidate.getItem(key) === key;
    candidate.removeItem(key);
    return isKept && candidate;
  }

  const keeper = () => (store ??= attempt(() => works(localStorage)) || attempt(() => works(cookies)) || {});
  const isDurable = () => "length" in keeper();
  const recall = (name) => attempt(() => keeper().getItem?.(OURS + name));
  const remember = (name, text) => attempt(() => keeper().setItem?.(OURS + name, text));
  const erase = (name) => attempt(() => keeper().removeItem?.(OURS + name));

  // ---- Who it is, and whether they agree to be counted.

  function isAllowed() {
    const choice = recall("consent") ?? settings.consent;
    const objects = navigator.globalPrivacyControl || navigator.doNotTrack === "1";
    return choice ? choice === "in" : !objects || settings.signals !== "respect";
  }

  const person = (someone) => ({
    userId: someone?.userId,
    userLoginState: someone?.userLoginState ?? (someone?.userId ? "logged_in" : undefined),
  });

  function identity() {
    const now = Date.now();
    client = recall("client") ?? client;
    const isNewcomer = !client;
    if (isNewcomer) remember("client", (client = uuid()));
    const [id, at, isFirst] = (recall("session") ?? "").split("~");
    if (at > session.at) session = { id, at, isFirst: isFirst === "true" };
    if (now - session.at > SESSION_MS) session = { id: uuid(), isFirst: isNewcomer };
    session.at = now;
    // Writing costs more than all else here.
    if (id !== session.id || now - at > FLUSH_MS) remember("session", [session.id, now, session.isFirst].join("~"));
    const known = recall("user");
    if (known) user = attempt(() => JSON.parse(decodeURIComponent(known)));
    return { clientId: client, sessionId: session.id, isFirstVisit: session.isFirst, ...user };
  }

  function identify(userId, userLoginState) {
    user = person({ userId, userLoginState });
    if (isAllowed()) remember("user", encodeURIComponent(JSON.stringify(user)));
  }

  function reset() {
    user = undefined;
    erase("user");
  }

  function forget() {
    reset();
    erase("client");
    erase("session");
    if (isDurable()) for (const key of keysOfEvents()) store.removeItem(key);
    client = undefined;
    session = { at: 0 };
    queue = [];
    held = [];
  }

  // ---- Events.

  // Field by field, so that one that cannot be written (a cycle, a getter that throws) takes no other along.
  // PostgreSQL stores neither U+0000 nor half of a surrogate pair.
  function toJson(parts) {
    const members = {};
    for (const part of parts)
      for (const name of Object.keys(Object(part)))
        attempt(() => {
          const json = JSON.stringify(part[name]) ?? "null";
          if (json !== "null") members[name] = `${JSON.stringify(name)}:${json}`;
        });
    return `{${Object.values(members)}}`.replace(/\\\\|\\u(?:0000|d[89a-f]..)/g, (escape) =>
      escape === "\\\\" ? escape : "",
    );
  }

  const bytesOf = (text) => new TextEncoder().encode(text).length;

  const compose = (eventName, ...parts) => [
    eventName,
    {
      eventName,
      eventId: uuid(),
      eventTimestamp: new Date().toISOString(),
      pageUrl: location.href.slice(0, 4_000),
      referrer: (referrer ?? document.referrer).slice(0, 4_000) || undefined,
      userLoginState: "anonymous",
    },
    parts,
  ];

  function record(name, payload, someone) {
    const eventName = String(name ?? "")
      .trim()
      .slice(0, 128);
    if (!isBrowser || !eventName) return;
    see();
    if (PAGE_VIEW.test(eventName)) unsee();
    held.push(compose(eventName, payload, person(someone ?? payload)));
    settle();
  }

  function accept([eventName, fields, parts]) {
    if (!isAllowed()) return;
    const text = toJson([fields, identity(), dropped && { droppedEvents: dropped }, ...parts]);
    if (bytesOf(text) > MAX_EVENT_BYTES) return note("too large:", eventName);
    dropped = 0;
    wait(text);
    tell("queued", [{ text }]);
  }

  // What was held counts as it is, and before all that comes after it.
  function settle() {
    if (!isStarted) return held.splice(MAX_WAITING);
    const flag = "__global_clickstream_ignore_click_once";
    for (const event of held.splice(0))
      if (event[0] !== "click" || !window[flag] || !delete window[flag]) attempt(() => accept(event));
  }

  // For the shop's own eyes: what is queued, sent, handed to the browser at last, refused or dropped.
  function tell(state, events) {
    dispatchEvent(new CustomEvent("clickmart", { detail: { state, events: events.map(({ text }) => text) } }));
  }

  // ---- The queue. Its events outlive the page under their owner's name. A page owns what it queued for as long as
  // ---- it holds the lock of its name; whoever gets the lock takes over what the page has left.

  const keysOfEvents = (of = "") =>
    Object.keys(store)
      .filter((key) => key.startsWith(EVENT + of))
      .sort();

  function wait(text) {
    const event = { text };
    queue.push(event);
    keep(event);
    let characters = queue.reduce((sum, waiting) => sum + waiting.text.length, 0);
    while (queue.length > MAX_WAITING || characters > MAX_WAITING_CHARACTERS) {
      characters -= queue[0].text.length;
      dropped++;
      finish([queue[0]], "dropped");
    }
    schedule();
  }

  function keep(event) {
    if (owner)
      attempt(() => {
        const key = `${EVENT}${owner}.${Date.now()}.${counter++}`;
        store.setItem(key, event.text);
        event.key = key;
      });
  }

  function finish(events, state) {
    queue = queue.filter((event) => !events.includes(event));
    for (const { key } of events) if (key) store.removeItem(key);
    note(state, events.length);
    tell(state, events);
  }

  function live() {
    if (!isDurable()) return;
    const name = uuid();
    const own = () => {
      owner = name;
      queue.forEach(keep);
      adopt();
    };
    if (!navigator.locks) return own();
    navigator.locks.request(OURS + name, () => own() ?? new Promise((resolve) => (die = resolve))).catch(own);
  }

  function adopt() {
    if (!owner) return;
    const others = new Set(keysOfEvents().map((key) => key.split(".")[2]));
    others.delete(owner);
    for (const other of others)
      if (navigator.locks)
        navigator.locks
          .request(OURS + other, { ifAvailable: true }, (lock) => lock && owner && takeOver(keysOfEvents(other)))
          .catch(note);
      // Without locks nobody knows who is alive: what has waited for long is taken, and at worst sent twice.
      else takeOver(keysOfEvents(other).filter((key) => Date.now() - key.split(".")[3] > STALE_MS));
  }

  function takeOver(keys) {
    for (const key of keys) {
      const text = store.getItem(key);
      // What is no event, whoever wrote it, would spoil its batch.
      attempt(() => JSON.parse(text).eventId && wait(text));
      store.removeItem(key);
    }
  }

  // ---- The way out.

  function schedule() {
    if (queue.length >= FLUSH_AT && !failures) deliver();
    else timer ??= setTimeout(deliver, failures ? Math.max(0, notBefore - Date.now()) : FLUSH_MS);
  }

  function batch(events) {
    let bytes = 2;
    return events.slice(0, mostEvents).filter(({ text }) => (bytes += bytesOf(text) + 40) <= MAX_REQUEST_BYTES);
  }

  const body = (events) => `[${events.map(({ text }) => `{"sentAt":"${new Date().toISOString()}",${text.slice(1)}`)}]`;

  // Neither text nor a form makes a browser ask first whether it may send. API Gateway hands a form over byte by
  // byte, while text that is no text would be broken.
  const compressed = async (text) =>
    new Response(new Response(text).body.pipeThrough(new CompressionStream("gzip")), {
      headers: { "content-type": "application/x-www-form-urlencoded" },
    }).blob();

  const deliver = (isHurried) => send(isHurried).catch(note);

  async function send(isHurried) {
    clearTimeout(timer);
    timer = undefined;
    settle();
    if (sending.length || !settings.endpoint || !queue.length) return;
    if (!isAllowed()) return forget();
    if (Date.now() < notBefore) return schedule();
    const events = (sending = batch(queue));
    let response;
    try {
      let content = body(events);
      if (!isHurried && content.length > WORTH_COMPRESSING) content = await compressed(content).catch(() => content);
      response = await fetch(settings.endpoint, {
        method: "POST",
        body: content,
        keepalive: true,
        signal: AbortSignal.timeout?.(ANSWER_MS),
      });
    } catch (problem) {
      note(problem);
    }
    sending = [];
    conclude(events, response?.status ?? 503, response?.headers.get("retry-after"));
  }

  function conclude(events, status, asked) {
    if (status === 413 && events.length > 1) {
      mostEvents = Math.ceil(events.length / 2);
      return deliver();
    }
    if (status === 429 || status >= 500) {
      const seconds = Math.min(300, 2 ** failures++) * (0.5 + Math.random());
      const askedMs = 1_000 * asked || Date.parse(asked) - Date.now() || 0;
      notBefore = Date.now() + Math.max(1_000 * seconds, Math.min(askedMs, MAX_PAUSE_MS));
    } else {
      failures = notBefore = 0;
      mostEvents = MAX_WAITING;
      finish(events, status < 300 ? "sent" : "refused");
    }
    if (queue.length) schedule();
  }

  // A page that the browser brings back from its cache goes on as a new one.
  function leave() {
    settle();
    if (!isAllowed()) return forget();
    const isHopeless = failures || navigator.onLine === false;
    let events;
    do {
      events = batch(queue.filter((event) => !sending.includes(event) && !(isHopeless && event.key)));
      if (!events[0] || !attempt(() => navigator.sendBeacon(settings.endpoint, body(events)))) break;
      finish(events, "handed");
    } while (events[0]);
    owner = undefined;
    queue = queue.filter(({ key }) => !key);
    die?.();
  }

  // ---- Page views and clicks.

  // `#/p/1` is another page to a shop that routes by it; `#reviews` is a place on this one.
  const address = () => location.href.replace(/#(?!!?\/).*/, "");

  function see(isAgain) {
    const url = address();
    if (url === viewed && !isAgain) return;
    settle();
    if (url !== viewed) referrer = viewed;
    viewed = url;
    if (settings.pageViews === "off") return;
    held.push((view = compose("page_view")));
    if (isStarted) schedule();
  }

  const unsee = () => (held = held.filter((event) => event !== view));

  function watchHistory() {
    for (const name of ["pushState", "replaceState"]) {
      const original = history[name];
      history[name] = function (...given) {
        original.apply(this, given);
        attempt(see);
      };
    }
    on("popstate", () => see());
  }

  function click(event, someone) {
    if (!event?.target?.closest || event === clicked) return;
    clicked = event;
    const target = event.target;
    if (target.closest(`${PRIVATE},${IGNORED}`)) return;
    see();
    settle();
    held.push(compose("click", { element: describe(target, target.closest(CLICKABLE)) }, person(someone)));
    // The page's own listeners have not run yet, and may have more to say.
    setTimeout(() => attempt(settle));
  }

  function describe(target, clickable) {
    const element = clickable ?? target;
    const has = (name) => element.getAttribute(name) ?? "";
    const isReadable = clickable && !element.closest(TYPED_IN) && !element.querySelector(`${PRIVATE},${TYPED_IN}`);
    return {
      tag: element.localName,
      id: has("id"),
      role: has("role"),
      text: isReadable ? words(element.textContent) || words(has("aria-label")) : "",
      dataset: Object.fromEntries(Object.entries(element.dataset).map(([name, text]) => [name, words(text)])),
    };
  }

  const words = (text) => text.trim().replace(/\s+/g, " ").replace(SECRETS, "…").slice(0, 160);

  // ---- What a shop calls.

  // Captured at the window, which sees all there is: also what happens to the document, or is stopped on its way.
  const on = (name, listener) => addEventListener(name, (event) => attempt(() => listener(event)), true);

  function init(wanted) {
    if (!isBrowser || settings.endpoint || !wanted?.endpoint) return;
    Object.assign(settings, wanted);
    // A page that is rendered before anybody asked for it is not seen yet.
    if (document.prerendering) on("prerenderingchange", start);
    else start();
  }

  function start() {
    if (settings.pageViews === "off") unsee();
    see();
    isStarted = true;
    attempt(live);
    attempt(watchHistory);
    if (settings.clicks !== "off") on("click", (event) => click(event));
    on("visibilitychange", () => (document.hidden ? deliver(true) : adopt()));
    on("pagehide", leave);
    on("pageshow", ({ persisted }) => persisted && (live(), see(true)));
    on("online", () => {
      notBefore = 0;
      adopt();
      deliver();
    });
    schedule();
  }

  const product = ({ name, category, brand, price, discountPrice, quantity, slug, ...given }) => ({
    id: given.id ?? given._id,
    name,
    category: category ?? given.variant,
    brand: given.brandName ?? brand?.name ?? brand?.title ?? brand,
    price,
    discountPrice,
    urlPath: given.urlPath ?? (slug?.current ? `/product/${slug.current}` : slug),
    quantity,
  });

  const about = (given) => ({ product: given && attempt(() => product(given)) });
  const data = (dataset) => ({ element: { dataset } });
  const plain = (name) => (someone) => record(name, undefined, someone);
  const ofProduct = (name) => (given, someone) => record(name, about(given), someone);

  const helpers = {
    init,
    identify,
    reset,
    optIn() {
      remember("consent", (settings.consent = "in"));
      see(true);
    },
    optOut() {
      remember("consent", (settings.consent = "out"));
      forget();
    },
    flush: () => deliver(true),

    trackCustom: record,
    trackPageView: plain("page_view"),
    trackClick: (given) => click(given?.event ?? given, given),
    trackHomeView: plain("home_view"),
    trackCategoryView: ({ categoryId, categoryName } = {}, someone) =>
      record("category_view", { product: { id: categoryId, category: categoryName } }, someone),
    trackProductView: ofProduct("product_view"),
    trackAddToCart: ofProduct("add_to_cart_click"),
    trackRemoveFromCart: ofProduct("remove_from_cart_click"),
    trackWishlistToggle: (given, isOn, someone) =>
      record(isOn ? "wishlist_click" : "wishlist_remove_click", about(given), someone),
    trackShareClick: (given, channel, someone) =>
      record("share_click", { ...about(given), ...data({ channel }) }, someone),
    trackLoginOpen: plain("login_open"),
    trackLoginSuccess(someone) {
      if (someone?.userId) identify(someone.userId, someone.userLoginState);
      record("login_success", undefined, someone);
    },
    trackLogout(someone) {
      record("logout", undefined, someone);
      reset();
    },
    trackCheckoutStart: (totals, someone) => record("checkout_start", data(totals), someone),
    trackCheckoutComplete: ({ items, ...totals } = {}, someone) =>
      record("checkout_complete", { ...data(totals), items: items?.map(product) }, someone),
    trackExperiment: (experiment, variant, someone) =>
      record("experiment_exposure", data({ experiment, variant }), someone),
  };

  globalThis.clickmart = {};
  for (const name in helpers) clickmart[name] = (...given) => void attempt(() => helpers[name](...given));

  if (isBrowser) clickmart.init(document.currentScript?.dataset);
})();
