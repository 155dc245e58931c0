// Before anything is painted: light or dark, as chosen here before, else as the system has it.
document.documentElement.dataset.theme = localStorage.getItem("clickmart-theme")
  || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
