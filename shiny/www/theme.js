// Before anything is painted: light or dark, as chosen here before, else as the system has it. A browser that
// remembers nothing is asked each time.
window.remembered = {
  get: () => { try { return localStorage.getItem("clickmart-theme"); } catch { return null; } },
  set: (theme) => { try { localStorage.setItem("clickmart-theme", theme); } catch { /* it stays until the page is left */ } },
};
document.documentElement.dataset.theme = window.remembered.get()
  || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
