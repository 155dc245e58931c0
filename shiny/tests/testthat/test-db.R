kind <- function(sql, values = list()) {
  tryCatch(ask_warehouse(sql, values), warehouse_error = function(problem) problem$kind)
}

test_that("values are bound, whatever they contain, and in any order", {
  hostile <- "'; drop table marts.sessions; -- \\ \" {other} é"
  answer <- ask_warehouse("select {b}::text as b, {a}::int + 1 as a, {b}::text as again", list(a = 1, b = hostile))
  expect_equal(answer, data.frame(b = hostile, a = 2L, again = hostile))
  expect_error(ask_warehouse("select {missing}::text", list()), "missing")
})

test_that("errors are told apart", {
  suppressMessages({
    expect_equal(kind("select * from marts.no_such_mart"), "missing")
    expect_equal(kind("select 1 / 0"), "refused")
    expect_equal(kind("select pg_sleep(30)"), "slow")
    expect_equal(kind("delete from marts.sessions"), "refused")
    expect_equal(kind("select * from raw.events"), "refused")
  })
  expect_equal(ask_warehouse("select 1 as one")$one, 1L)
})

test_that("what an error shows is a sentence, and not what the database said", {
  problem <- suppressMessages(tryCatch(ask_warehouse("select * from marts.secret"), error = identity))
  expect_s3_class(problem, "shiny.custom.error")
  expect_no_match(conditionMessage(problem), "secret")
})

test_that("a connection that broke is opened again within the same question", {
  before <- ask_warehouse("select pg_backend_pid() as pid")$pid
  RPostgreSQL::dbDisconnect(warehouse$connection)
  expect_false(ask_warehouse("select pg_backend_pid() as pid")$pid == before)
})

test_that("where the warehouse is not there, only the first who asks tries to connect", {
  withr::local_envvar(DW_PG_PORT = "1")
  withr::defer(warehouse$failed_at <- NULL)
  disconnect()
  suppressMessages(expect_equal(kind("select 1"), "unreachable"))
  expect_message(kind("select 1"), "no connection a moment ago")
})

test_that("a database is found whatever its name contains", {
  expect_match(with_time_limits("it's \\ mine"), "dbname='it\\'s \\\\ mine' ", fixed = TRUE)
})

test_that("a variable that is missing is named", {
  withr::local_envvar(DW_PG_HOST = NA)
  expect_error(settings_of_environment(), "DW_PG_HOST")
})

test_that("TLS is asked for, and verified where there is a certificate to verify with", {
  withr::local_envvar(DW_PG_SSL = "true", DW_PG_SSL_ROOT_CERT = NA)
  expect_equal(settings_of_environment()$sslmode, "require")
  withr::local_envvar(DW_PG_SSL_ROOT_CERT = "/etc/ca.pem")
  expect_equal(settings_of_environment()$sslmode, "verify-full")
})
