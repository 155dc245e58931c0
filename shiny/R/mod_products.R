PRODUCT_SORTS <- c(
  revenue = "Most revenue", views = "Most views", converting = "Best at selling",
  `not-converting` = "Worst at selling", abandoned = "Most left in carts"
)
NO_PRODUCT <- "No product fits. Choose a longer period, another category, or search for something else."
NOTHING_LEFT <- "Nothing of this was left in carts in this period."

mod_products_ui <- function(id) {
  ns <- NS(id)
  page(
    id, "What is looked at, what is bought, and what is left behind.",
    own_controls = tagList(
      text_control("search", "Search", "Name, id or brand"),
      choice_control("sort", "Order of the table", given = PRODUCT_SORTS)
    ),
    panel_ui(
      ns("steps"), "From view to order", "An order counts once for each product in it.", size = "third"
    ),
    panel_ui(
      ns("categories"), "Revenue by category", "Click a category to see only its products.", size = "third"
    ),
    panel_ui(ns("brands"), "Revenue by brand", "The ten that earn most.", size = "third"),
    panel_ui(
      ns("products"), "Products",
      paste(
        "The first 200, in the order chosen above. Best and worst at selling: orders per view,",
        "of products with at least", MIN_RANKED_VIEWS, "views."
      ),
      size = "wide", has_chart = FALSE
    ),
    panel_ui(
      ns("unsold"), "Viewed, but not bought", "Most views without a single order in the period.", height = 320
    ),
    panel_ui(
      ns("abandoned"), "Left in carts", "The products that are left there most, by value.", height = 320
    ),
    panel_ui(
      ns("abandoned_days"), "Left in carts, day by day",
      "By the day when the cart was last changed. The newest carts are not given up yet, and not in it.",
      size = "wide", height = 240
    )
  )
}

mod_products_server <- function(id, filters, ask) {
  stopifnot(is.reactive(filters))
  moduleServer(id, function(input, output, session) {
    product <- list(
      product_name = text_column("Product"), product_category = text_column("Category"),
      product_brand = text_column("Brand")
    )
    group_columns <- function(title) {
      list(
        group_name = text_column(title), product_count = number_column("Products"),
        view_count = number_column("Views"), order_count = number_column("Orders"),
        quantity = number_column("Pieces"), revenue = money_column("Revenue")
      )
    }
    group_chart <- function(groups, about) {
      bar_chart(utils::head(groups, 10), "group_name", c(revenue = "Revenue"), about, "money")
    }

    panel_server(
      "steps", reactive(product_steps(product_totals(ask, filters()))), empty = NO_PRODUCT,
      columns = list(
        step = text_column("Step"), event_count = number_column("Times"),
        share_of_previous = percent_column("Of the step before"),
        share_of_views = percent_column("Of all views")
      ),
      chart = function(steps) bar_chart(steps, "step", c(event_count = "Times"), "From view to order")
    )
    categories <- reactive(product_groups(ask, filters(), "category"))
    panel_server(
      "categories", categories, group_columns("Category"), empty = NO_PRODUCT,
      chart = function(groups) group_chart(groups, "Revenue by category"),
      on_click = function(name) {
        if (name %in% categories()$group_name) go_to(category = if (name == filters()$category) "" else name)
      }
    )
    panel_server(
      "brands", reactive(product_groups(ask, filters(), "brand")), group_columns("Brand"), empty = NO_PRODUCT,
      chart = function(groups) group_chart(groups, "Revenue by brand")
    )
    products <- reactive(products_sorted(ask, filters()))
    panel_server("products", products, empty = NO_PRODUCT, columns = function() {
      c(
        product,
        list(
          view_count = number_column("Views"), add_to_cart_count = number_column("Carts"),
          order_count = number_column("Orders"), quantity = number_column("Pieces"),
          revenue = money_column("Revenue"), view_to_cart_rate = percent_column("Carts / view"),
          cart_to_order_rate = percent_column("Orders / cart")
        ),
        if (filters()$sort %in% c("converting", "not-converting")) {
          list(view_to_order_rate = percent_column("Orders / view"))
        },
        list(abandoned_value = money_column("Left in carts"))
      )
    })
    unsold <- reactive(products_viewed_not_bought(ask, filters()))
    panel_server(
      "unsold", unsold, empty = "There is no such product: what was viewed was also bought, if anything was.",
      columns = c(product, list(
        view_count = number_column("Views"), add_to_cart_count = number_column("Into carts")
      )),
      chart = function(products) {
        bar_chart(
          utils::head(products, 10), "product_name", c(view_count = "Views"),
          "Most viewed products without an order"
        )
      }
    )
    abandoned <- reactive(products_abandoned(ask, filters()))
    panel_server(
      "abandoned", abandoned, empty = NOTHING_LEFT,
      columns = c(product[c("product_name", "product_category")], list(
        abandoned_count = number_column("Carts"), abandoned_quantity = number_column("Pieces"),
        abandoned_value = money_column("Value"), recovered_count = number_column("Ordered later after all")
      )),
      chart = function(products) {
        bar_chart(
          utils::head(products, 10), "product_name", c(abandoned_value = "Value left in carts"),
          "Products most left in carts", "money"
        )
      }
    )
    abandoned_days <- reactive(unless_all_zero(abandoned_by_day(ask, filters()), "abandoned_quantity"))
    panel_server(
      "abandoned_days", abandoned_days, empty = NOTHING_LEFT,
      columns = list(
        activity_date = day_column("Day"), abandoned_quantity = number_column("Pieces"),
        abandoned_value = money_column("Value")
      ),
      chart = function(days) {
        column_chart(
          days, "activity_date", c(abandoned_value = "Value"), "Value left in carts by day", "money"
        )
      }
    )
  })
}

# What became of the views: one row for each step.
product_steps <- function(totals) {
  if (nrow(totals) == 0) return(data.frame())
  count <- c(totals$view_count, totals$add_to_cart_count, totals$order_count)
  data.frame(
    step = c("Viewed", "Put into a cart", "Ordered"), event_count = count,
    share_of_previous = c(NA, share_of(count[-1], count[-3])),
    share_of_views = share_of(count, count[1])
  )
}

# Days on all of which nothing was counted say nothing.
unless_all_zero <- function(days, column) if (any(days[[column]] > 0)) days else days[0, , drop = FALSE]
