# Rscript shiny/tests/testthat.R [beginning of a file's name]: the tests of the dashboards, on the warehouse of DW_PG_*.

here <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE), fixed = TRUE)
# R writes a space in a path so.
here <- dirname(normalizePath(gsub("~+~", " ", here, fixed = TRUE)))
wanted <- commandArgs(trailingOnly = TRUE)
testthat::test_dir(
  file.path(here, "testthat"),
  filter = if (length(wanted) > 0) paste0("^", wanted[[1]]),
  reporter = "summary"
)
