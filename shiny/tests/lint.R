# Checks the form of all R code here; the rules stand in .lintr.
if (!requireNamespace("lintr", quietly = TRUE)) {
  message("lint: R's lintr is missing: sudo apt-get install r-cran-lintr")
  quit(status = 1)
}
lints <- lintr::lint_dir("shiny")
if (length(lints) > 0) {
  print(lints)
  quit(status = 1)
}
