columns <- list(name = text_column("Name"), count = number_column("Count"))

test_that("a table has a row for each row, and a note when there are more", {
  html <- as.character(html_table(data.frame(name = c("a", "b"), count = 1:2), columns))
  expect_equal(lengths(regmatches(html, gregexpr("<tr>", html))), 3)
  long <- as.character(html_table(data.frame(name = "a", count = seq_len(250)), columns))
  expect_equal(lengths(regmatches(long, gregexpr("<tr>", long))), MAX_SHOWN + 1)
  expect_match(long, "The first 200 of 250 rows", fixed = TRUE)
})

test_that("what a browser would run is shown as text", {
  html <- as.character(html_table(data.frame(name = "<img src=x onerror=alert(1)>", count = 1), columns))
  expect_match(html, "&lt;img", fixed = TRUE)
  expect_no_match(html, "<img", fixed = TRUE)
})

test_that("a CSV has every row, plain numbers, and no formula of a stranger", {
  file <- withr::local_tempfile()
  names <- c("=1+1", "\n=1", "\uff1d1", "\ta", "größe", NA, 'a "b"')
  write_csv(data.frame(name = names, count = c(-1, 1e5, 1e15, 0.1, NA, 2, 3)), file)
  read <- utils::read.csv(file, colClasses = "character", na.strings = character(), fileEncoding = "UTF-8-BOM")
  expect_equal(read$name, c("'=1+1", "'\n=1", "'\uff1d1", "'\ta", "größe", "", 'a "b"'))
  expect_equal(read$count, c("-1", "100000", "1000000000000000", "0.1", "", "2", "3"))
})

test_that("a link leads to what its cell names, and nothing in it is more than text", {
  data <- data.frame(visitor = c("client:1&2", '"><script>', NA))
  html <- as.character(html_table(data, list(visitor = link_column("Visitor", "visitor"))))
  expect_match(html, 'data-go="page=events&amp;find=visitor&amp;id=client%3A1%262&amp;before="', fixed = TRUE)
  expect_no_match(html, "<script>", fixed = TRUE)
  expect_equal(lengths(regmatches(html, gregexpr("<a ", html))), 2)
})
