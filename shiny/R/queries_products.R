# The products that the page is about: those of the category, with the text in their name, id or brand.
CHOSEN_PRODUCTS <- "
  with chosen as (
    select
      product_id,
      coalesce(nullif(product_name, ''), product_id) as product_name,
      product_category,
      product_brand
    from marts.products
    where ({category} = '' or product_category = {category})
      and (
        {search} = ''
        or product_id ilike {pattern}
        or product_name ilike {pattern}
        or product_brand ilike {pattern}
      )
  )
"

# Rates of products that hardly anybody saw are chance: below so many views they are not ranked by them.
MIN_RANKED_VIEWS <- 20L

ask_products <- function(ask, sql, filters) {
  ask(
    paste(CHOSEN_PRODUCTS, sql),
    c(filters, list(pattern = like_pattern(filters$search), min_views = MIN_RANKED_VIEWS))
  )
}

# What a person typed is sought as it stands: nothing in it is a wildcard.
like_pattern <- function(text) paste0("%", gsub("([\\\\%_])", "\\\\\\1", text), "%")

# One row, or none where nothing happened.
product_totals <- function(ask, filters) {
  ask_products(ask, "
    select
      sum(view_count)::float8 as view_count,
      sum(add_to_cart_count)::float8 as add_to_cart_count,
      sum(order_count)::float8 as order_count
    from marts.product_metrics_daily
    inner join chosen using (product_id)
    where activity_date between {from}::date and {to}::date
    having sum(view_count) + sum(add_to_cart_count) + sum(order_count) > 0
  ", filters)
}

# By category or brand.
product_groups <- function(ask, filters, by) {
  ask_products(ask, "
    select
      case {group_by} when 'category' then product_category else product_brand end as group_name,
      count(distinct product_id)::float8 as product_count,
      sum(view_count)::float8 as view_count,
      sum(order_count)::float8 as order_count,
      sum(quantity)::float8 as quantity,
      sum(revenue)::float8 as revenue
    from marts.product_metrics_daily
    inner join chosen using (product_id)
    where activity_date between {from}::date and {to}::date
    group by 1
    order by revenue desc, view_count desc, group_name
    limit 200
  ", c(filters, list(group_by = by)))
}

products_sorted <- function(ask, filters) {
  ask_products(ask, "
    , measured as (
      select
        product_id,
        sum(view_count)::float8 as view_count,
        sum(add_to_cart_count)::float8 as add_to_cart_count,
        sum(order_count)::float8 as order_count,
        sum(quantity)::float8 as quantity,
        sum(revenue)::float8 as revenue
      from marts.product_metrics_daily
      where activity_date between {from}::date and {to}::date
      group by product_id
    ),

    left_in_carts as (
      select product_id, sum(abandoned_value)::float8 as abandoned_value
      from marts.abandoned_products_daily
      where activity_date between {from}::date and {to}::date
      group by product_id
    ),

    summed as (
      select
        chosen.*,
        coalesce(view_count, 0) as view_count,
        coalesce(add_to_cart_count, 0) as add_to_cart_count,
        coalesce(order_count, 0) as order_count,
        coalesce(quantity, 0) as quantity,
        coalesce(revenue, 0) as revenue,
        add_to_cart_count / nullif(view_count, 0) as view_to_cart_rate,
        order_count / nullif(add_to_cart_count, 0) as cart_to_order_rate,
        order_count / nullif(view_count, 0) as view_to_order_rate,
        coalesce(abandoned_value, 0) as abandoned_value
      from chosen
      left join measured using (product_id)
      left join left_in_carts using (product_id)
      where measured.product_id is not null or left_in_carts.product_id is not null
    )

    select *
    from summed
    where {sort} not in ('converting', 'not-converting') or view_count >= {min_views}::int
    order by
      case {sort}
        when 'views' then view_count
        when 'converting' then view_to_order_rate
        when 'not-converting' then - view_to_order_rate
        when 'abandoned' then abandoned_value
        else revenue
      end desc nulls last,
      view_count desc,
      product_id
    limit 200
  ", filters)
}

products_viewed_not_bought <- function(ask, filters) {
  ask_products(ask, "
    select
      product_id,
      product_name,
      product_category,
      product_brand,
      sum(view_count)::float8 as view_count,
      sum(add_to_cart_count)::float8 as add_to_cart_count
    from marts.product_metrics_daily
    inner join chosen using (product_id)
    where activity_date between {from}::date and {to}::date
    group by product_id, product_name, product_category, product_brand
    having sum(order_count) = 0 and sum(view_count) > 0
    order by view_count desc, product_id
    limit 100
  ", filters)
}

abandoned_by_day <- function(ask, filters) {
  ask_products(ask, "
    , left_in_carts as (
      select abandoned_products_daily.*
      from marts.abandoned_products_daily
      inner join chosen using (product_id)
      where activity_date between {from}::date and {to}::date
    )

    select
      days.day::date::text as activity_date,
      coalesce(sum(abandoned_value), 0)::float8 as abandoned_value,
      coalesce(sum(abandoned_quantity), 0)::float8 as abandoned_quantity
    from generate_series({from}::date, {to}::date, interval '1 day') as days (day)
    left join left_in_carts on left_in_carts.activity_date = days.day::date
    group by days.day
    order by days.day
  ", filters)
}

products_abandoned <- function(ask, filters) {
  ask_products(ask, "
    select
      product_id,
      product_name,
      product_category,
      sum(abandoned_count)::float8 as abandoned_count,
      sum(abandoned_quantity)::float8 as abandoned_quantity,
      sum(abandoned_value)::float8 as abandoned_value,
      sum(recovered_count)::float8 as recovered_count
    from marts.abandoned_products_daily
    inner join chosen using (product_id)
    where activity_date between {from}::date and {to}::date
    group by product_id, product_name, product_category
    order by abandoned_value desc, abandoned_count desc, product_id
    limit 100
  ", filters)
}
