products_page <- function(said, test) {
  given <- list(id = "products", filters = reactive(said), ask = ask_warehouse)
  testServer(mod_products_server, args = given, {{ test }})
}

test_that("steps and categories add up to what was counted of all products", {
  said <- filters_said(period = "7d")
  counted <- ask_warehouse(
    "select sum(view_count)::float8 as views, sum(add_to_cart_count)::float8 as adds,
       sum(order_count)::float8 as orders, sum(revenue)::float8 as revenue
     from marts.product_metrics_daily where activity_date between {from}::date and {to}::date", said
  )
  expect_gt(counted$revenue, 0)
  expect_equal(product_totals(ask_warehouse, said)$order_count, counted$orders)
  products_page(said, {
    expect_match(output$`steps-table`$html, format_number(counted$views), fixed = TRUE)
    expect_match(output$`steps-table`$html, format_number(counted$adds), fixed = TRUE)
    expect_equal(sum(categories()$revenue), counted$revenue)
    expect_equal(sum(output$`categories-chart`$option$series[[1]]$data), counted$revenue)
    expect_equal(sum(products()$order_count), counted$orders)
  })
})

test_that("orders counted for a product are those of the orders themselves", {
  said <- filters_said(period = "7d")
  ordered <- ask_warehouse(
    "select items.product_id, count(*)::float8 as orders, sum(items.revenue)::float8 as revenue
     from marts.orders join marts.order_items as items using (visitor_id, order_key)
     where not is_bot and ordered_date between {from}::date and {to}::date
     group by items.product_id order by sum(items.revenue) desc limit 1", said
  )
  products_page(said, {
    best <- products()[1, ]
    expect_equal(best$product_id, ordered$product_id)
    expect_equal(best$order_count, ordered$orders)
    expect_equal(best$revenue, ordered$revenue)
  })
})

test_that("a category filters every panel", {
  category <- value_of(
    "select product_category from marts.products where product_category is not null
     group by product_category order by count(*) desc limit 1"
  )
  said <- filters_said(period = "all", category = category)
  value <- value_of(
    "select sum(abandoned_value)::float8 from marts.abandoned_products_daily
     where product_id in (select product_id from marts.products where product_category = {category})", said
  )
  products_page(said, {
    expect_equal(categories()$group_name, category)
    expect_equal(unique(products()$product_category), category)
    expect_true(all(unsold()$product_category == category))
    expect_gt(value, 0)
    expect_equal(sum(abandoned()$abandoned_value), value)
    expect_equal(sum(abandoned_days()$abandoned_value), value)
    expect_equal(sum(products()$abandoned_value), value)
  })
})

test_that("each order of the table is what its name says", {
  by <- function(sort) products_sorted(ask_warehouse, filters_said(period = "all", sort = sort))
  falls <- function(values) expect_true(all(diff(values) <= 0))
  falls(by("revenue")$revenue)
  falls(by("views")$view_count)
  falls(by("abandoned")$abandoned_value)
  falls(by("converting")$view_to_order_rate)
  falls(-by("not-converting")$view_to_order_rate)
  expect_gte(min(by("converting")$view_count), MIN_RANKED_VIEWS)
  expect_setequal(by("converting")$product_id, by("not-converting")$product_id)
})

test_that("the rate that products are ranked by stands in the table when they are", {
  products_page(filters_said(sort = "views"), {
    expect_no_match(output$`products-table`$html, "Orders / view")
  })
  products_page(filters_said(sort = "converting"), {
    expect_match(output$`products-table`$html, "Orders / view")
  })
})

test_that("products that were viewed but not bought have no order in the period", {
  said <- filters_said(period = "14d")
  none <- value_of(
    "select count(*)::float8 from (
       select product_id from marts.product_metrics_daily
       where activity_date between {from}::date and {to}::date
       group by product_id having sum(order_count) = 0 and sum(view_count) > 0
     ) as unsold", said
  )
  products_page(said, {
    expect_equal(nrow(unsold()), min(none, 100))
    expect_false(any(unsold()$product_id %in% products()$product_id[products()$order_count > 0]))
  })
})

test_that("a search finds names, ids and brands, and takes nothing for a wildcard", {
  found <- function(search) products_sorted(ask_warehouse, filters_said(period = "all", search = search))
  product <- found("")[1, ]
  expect_true(product$product_id %in% found(toupper(product$product_name))$product_id)
  expect_true(product$product_id %in% found(product$product_id)$product_id)
  expect_true(all(product$product_brand == found(product$product_brand)$product_brand))
  wild <- value_of(
    "select count(*)::float8 from marts.products
     where position('%' in concat(product_id, product_name, product_brand)) > 0"
  )
  expect_equal(nrow(found("%")), wild)
  expect_equal(nrow(found("' or 1 = 1 --")), 0)
  expect_equal(nrow(found("\\")), 0)
  expect_equal(like_pattern("5%_a\\"), "%5\\%\\_a\\\\%")
})

test_that("where nothing fits, a sentence says so", {
  products_page(filters_said(search = "no such product"), {
    expect_error(output$`steps-chart`, NO_PRODUCT, fixed = TRUE)
    expect_error(output$`abandoned_days-chart`, NOTHING_LEFT, fixed = TRUE)
  })
})

test_that("steps are shares of the step before, and nothing is divided by zero", {
  steps <- product_steps(data.frame(view_count = 200, add_to_cart_count = 50, order_count = 10))
  expect_equal(steps$share_of_previous, c(NA, 0.25, 0.2))
  expect_equal(steps$share_of_views, c(1, 0.25, 0.05))
  unseen <- product_steps(data.frame(view_count = 0, add_to_cart_count = 0, order_count = 3))
  expect_true(all(is.na(unseen$share_of_views)))
  expect_equal(nrow(product_steps(data.frame())), 0)
  expect_equal(nrow(unless_all_zero(data.frame(n = c(0, 0)), "n")), 0)
  expect_equal(nrow(unless_all_zero(data.frame(n = c(0, 1)), "n")), 2)
})
