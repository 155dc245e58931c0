# Rscript tests/testthat.R [part of a file's name]: all tests of the dashboards, against the warehouse of DW_PG_*.

here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE), fixed = TRUE)))
wanted <- commandArgs(trailingOnly = TRUE)
testthat::test_dir(
  file.path(here, "testthat"),
  filter = if (length(wanted) > 0) wanted[[1]],
  reporter = testthat::MultiReporter$new(list(
    testthat::CheckReporter$new(), testthat::FailReporter$new()
  ))
)
