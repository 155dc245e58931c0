// The address is what the page is about: every control writes it, and the server is told what it says.
(() => {
  const OF_SOME_PAGES = { // these leave the address with their page
    trends: ["grain", "event"], journeys: ["node", "direction", "depth", "share"], funnel: ["funnel", "by", "count"],
    products: ["category", "search", "sort"], marketing: ["cohort", "measure"], customers: ["segment"],
    experiments: ["experiment"], anomalies: ["signal", "grain"], events: ["find", "id", "before"], overview: ["metric"],
  };
  let period = null;

  const said = () => Object.fromEntries(new URLSearchParams(location.search));
  const currentPage = () => {
    const page = said().page;
    return document.getElementById(`page-${page}`) ? page : "overview";
  };
  const tell = () => {
    if (window.Shiny?.setInputValue) Shiny.setInputValue("query", said());
  };

  const change = (changes) => {
    const query = { ...said(), ...changes };
    if (changes.page) {
      const kept = OF_SOME_PAGES[changes.page] || [];
      Object.values(OF_SOME_PAGES).flat().filter((name) => !kept.includes(name)).forEach((name) => delete query[name]);
    }
    // From the first choice on the days stand in the address, so that a link shows what its sender saw. Another page
    // has days of its own, as long as none were chosen; and the latest events are to be the latest.
    const isChoice = Object.keys(changes).some((name) => name !== "page") && (query.page || "overview") !== "events";
    if (period && isChoice && !query.period && !query.from) Object.assign(query, { from: period.from, to: period.to });
    const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value !== null)).toString();
    history.pushState(null, "", text ? `?${text}` : location.pathname);
    show();
    tell();
  };

  const show = () => {
    const page = currentPage(), query = said();
    document.querySelectorAll(".page").forEach((section) => {
      const isShown = section.id === `page-${page}`;
      if (section.hidden === isShown) {
        section.hidden = !isShown;
        if (isShown) $(section).trigger("shown");
        else $(section).trigger("hidden");
      }
    });
    document.querySelectorAll("nav a[data-page]").forEach((link) => {
      const isCurrent = link.dataset.page === page;
      if (!isCurrent) link.removeAttribute("aria-current");
      else {
        link.setAttribute("aria-current", "page");
        document.title = `${link.textContent.trim()} · Clickmart`;
      }
    });
    document.querySelectorAll("[data-on]").forEach((control) => {
      control.hidden = !control.dataset.on.split(" ").includes(page);
    });
    document.querySelectorAll("select[data-param], input[data-param]").forEach((control) => {
      if (control.tagName === "SELECT") select(control, query[control.dataset.param] || "");
      else if (document.activeElement !== control) control.value = query[control.dataset.param] || "";
    });
    document.querySelectorAll("button[data-param]").forEach((button) => {
      const value = query[button.dataset.param] || button.dataset.first;
      button.setAttribute("aria-pressed", String(value === button.value));
    });
    showPeriod();
  };

  const select = (control, value) => {
    const options = [...control.options].map((option) => option.value);
    control.value = options.includes(value) ? value : options[0];
  };

  const showPeriod = () => {
    if (!period) return;
    const query = said();
    const preset = period.presets.find((each) => each.from === period.from && each.to === period.to);
    const choice = document.getElementById("period");
    for (const option of choice.options) {
      option.disabled = option.value !== "" && !period.presets.some((each) => each.value === option.value);
    }
    choice.value = query.period && !query.from ? query.period : preset ? preset.value : "";
    for (const end of ["from", "to"]) {
      const field = document.getElementById(end);
      field.min = period.first;
      field.max = period.last;
      if (document.activeElement !== field) field.value = period[end];
    }
  };

  document.addEventListener("change", (event) => {
    const control = event.target;
    if (control.id === "period") {
      const preset = period?.presets.find((each) => each.value === control.value);
      if (preset) change({ from: preset.from, to: preset.to, period: "", before: "" });
    } else if (control.id === "from" || control.id === "to") {
      const from = document.getElementById("from").value, to = document.getElementById("to").value;
      if (from && to) change({ from, to, period: "", before: "" });
    } else if (control.dataset.param) {
      change({ [control.dataset.param]: control.value, before: "" });
    }
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest("a[data-page], a[data-go], button[data-param], button[data-table], button[data-do]");
    if (!target) return;
    if (target.matches("a") && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    if (target.matches("a[data-page]")) {
      event.preventDefault();
      closeMenu();
      change({ page: target.dataset.page });
      window.scrollTo(0, 0);
      document.getElementById("main").focus({ preventScroll: true });
    } else if (target.matches("a[data-go]")) {
      event.preventDefault();
      change(Object.fromEntries(new URLSearchParams(target.dataset.go)));
    } else if (target.matches("button[data-param]")) {
      change({ [target.dataset.param]: target.value });
    } else if (target.matches("button[data-table]")) {
      swapTable(target);
    } else {
      actions[target.dataset.do](target);
    }
  });

  const swapTable = (button) => {
    const panel = button.closest(".panel"), table = panel.querySelector(".panel-table"), chart = panel.querySelector(".chart");
    table.hidden = !table.hidden;
    chart.hidden = !table.hidden;
    button.setAttribute("aria-pressed", String(!table.hidden));
    $(panel).trigger(table.hidden ? "hidden" : "shown");
    $(chart).trigger("shown");
  };

  const closeMenu = () => {
    const wasOpen = document.body.classList.contains("menu-open");
    document.body.classList.remove("menu-open");
    document.querySelector("[data-do=menu]").setAttribute("aria-expanded", "false");
    return wasOpen;
  };

  const actions = {
    menu: (button) => {
      const isOpen = document.body.classList.toggle("menu-open");
      button.setAttribute("aria-expanded", String(isOpen));
    },
    theme: () => {
      const isDark = document.documentElement.dataset.theme === "dark";
      document.documentElement.dataset.theme = isDark ? "light" : "dark";
      window.remembered.set(document.documentElement.dataset.theme);
      document.dispatchEvent(new Event("clickmart:theme"));
    },
    link: async (button) => {
      const query = { ...said(), ...(period ? { from: period.from, to: period.to } : {}) };
      delete query.period;
      const address = `${location.origin}${location.pathname}?${new URLSearchParams(query)}`;
      const word = button.querySelector("span");
      try {
        await navigator.clipboard.writeText(address);
        word.textContent = "Copied";
      } catch {
        history.replaceState(null, "", address);
        word.textContent = "In the address bar";
      }
      setTimeout(() => { word.textContent = "Copy link"; }, 2000);
    },
    clear: () => change({ channel: "", device: "", login: "", category: "", event: "", search: "", node: "" }),
  };

  addEventListener("popstate", () => { show(); tell(); });

  const fill = (choices) => {
    for (const [name, values] of Object.entries(choices)) {
      document.querySelectorAll(`select[data-param="${name}"]`).forEach((control) => {
        const first = control.querySelector("option[data-all]");
        control.replaceChildren(...(first ? [first] : []), ...values.map(({ value, label }) => new Option(label, value)));
      });
    }
    show();
  };

  $(document).on("shiny:connected", () => {
    Shiny.addCustomMessageHandler("choices", fill);
    Shiny.addCustomMessageHandler("period", (told) => { period = told; showPeriod(); });
    Shiny.addCustomMessageHandler("currency", (code) => { if (code?.length === 3) document.documentElement.dataset.currency = code; });
    Shiny.addCustomMessageHandler("go", (changes) => change(changes));
    tell();
  });

  // Without its server the page only shows what it has: as soon as somebody answers again, it is loaded anew.
  $(document).on("shiny:disconnected", () => {
    document.getElementById("gone").hidden = false;
    const again = setInterval(async () => {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
      if (answer?.ok) {
        clearInterval(again);
        location.reload();
      }
    }, 3000);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && closeMenu()) document.querySelector("[data-do=menu]").focus();
  });
  document.addEventListener("DOMContentLoaded", show);
})();
