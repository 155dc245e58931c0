asks <- function(host, origin = NULL) is_own_page(list(HTTP_HOST = host, HTTP_ORIGIN = origin))

test_that("our own page is answered, at the names of this machine", {
  expect_true(asks("127.0.0.1:24323", "http://127.0.0.1:24323"))
  expect_true(asks("localhost:3838", "http://localhost:3838"))
  expect_true(asks("127.0.0.1:24323"))
})

test_that("another page is not, nor a name that another made up", {
  expect_false(asks("127.0.0.1:24323", "https://evil.example"))
  expect_false(asks("127.0.0.1:24323", "http://127.0.0.1:9999"))
  expect_false(asks("127.0.0.1:24323", "null"))
  expect_false(asks("evil.example", "http://evil.example"))
  expect_false(asks("127.0.0.1.evil.example:80"))
  expect_false(asks(NULL))
})

test_that("a name that was said to be ours is", {
  withr::local_envvar(DASHBOARD_HOSTS = "shop.internal,other.internal")
  expect_true(asks("shop.internal", "https://shop.internal"))
  expect_false(asks("evil.example", "https://evil.example"))
})
