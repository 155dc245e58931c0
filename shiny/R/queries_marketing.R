# Measures of sessions, which add up over days and channels.
channels_by_day <- function(ask, filters) {
  ask("
    with channels as (
      select distinct channel
      from marts.channel_performance_daily
      where activity_date between {from}::date and {to}::date
        and ({channel} = '' or channel = {channel})
    )
    select
      days.day::date::text as activity_date,
      channels.channel,
      coalesce(session_count, 0)::float8 as session_count,
      coalesce(converted_count, 0)::float8 as converted_count,
      coalesce(order_count, 0)::float8 as order_count,
      coalesce(revenue, 0)::float8 as revenue
    from channels
    cross join generate_series({from}::date, {to}::date, interval '1 day') as days (day)
    left join marts.channel_performance_daily
      on channel_performance_daily.activity_date = days.day::date
      and channel_performance_daily.channel = channels.channel
    order by days.day, channels.channel
  ", filters)
}

# One row per attribution model and channel.
credits_by_model <- function(ask, filters) {
  ask("
    select model, channel, sum(order_count)::float8 as order_count, sum(revenue)::float8 as revenue
    from marts.attribution_daily
    where activity_date between {from}::date and {to}::date
      and ({channel} = '' or channel = {channel})
    group by model, channel
    order by model, channel
  ", filters)
}

campaigns_credited <- function(ask, filters) {
  ask("
    select
      campaign,
      channel,
      coalesce(sum(order_count) filter (where model = 'last'), 0)::float8 as last_orders,
      coalesce(sum(revenue) filter (where model = 'last'), 0)::float8 as last_revenue,
      coalesce(sum(revenue) filter (where model = 'linear'), 0)::float8 as linear_revenue,
      coalesce(sum(revenue) filter (where model = 'first'), 0)::float8 as first_revenue
    from marts.attribution_daily
    where activity_date between {from}::date and {to}::date
      and ({channel} = '' or channel = {channel})
      and campaign <> '(none)'
      and model in ('first', 'last', 'linear')
    group by campaign, channel
    order by last_revenue desc, linear_revenue desc, campaign, channel
    limit 50
  ", filters)
}

# One row: all orders, and those that a click led to (from the channel, where one is chosen).
first_clicks <- function(ask, filters) {
  ask("
    select
      count(*)::float8 as order_count,
      count(*) filter (
        where is_attributed and ({channel} = '' or channel = {channel})
      )::float8 as clicked_count,
      percentile_cont(0.5) within group (order by seconds_to_checkout) filter (
        where is_attributed and ({channel} = '' or channel = {channel})
      ) as median_seconds
    from marts.attributed_checkouts
    where is_first_of_order
      and checkout_date between {from}::date and {to}::date
  ", filters)
}

# By the channel of the click; orders that no click led to have none.
first_clicks_by_channel <- function(ask, filters) {
  ask("
    select
      coalesce(channel, '(no click)') as channel,
      count(*)::float8 as order_count,
      coalesce(sum(order_total), 0)::float8 as revenue,
      percentile_cont(0.5) within group (order by seconds_to_checkout) as median_seconds
    from marts.attributed_checkouts
    where is_first_of_order
      and checkout_date between {from}::date and {to}::date
      and ({channel} = '' or channel = {channel})
    group by 1
    order by order_count desc, channel
  ", filters)
}

products_clicked_first <- function(ask, filters) {
  ask("
    select
      clicked.product_id,
      coalesce(nullif(products.product_name, ''), clicked.product_id) as product_name,
      products.product_category,
      clicked.order_count,
      clicked.revenue
    from (
      select product_id, count(*)::float8 as order_count, coalesce(sum(order_total), 0)::float8 as revenue
      from marts.attributed_checkouts
      where is_first_of_order
        and is_attributed
        and product_id is not null
        and checkout_date between {from}::date and {to}::date
        and ({channel} = '' or channel = {channel})
      group by product_id
    ) as clicked
    left join marts.products on clicked.product_id = products.product_id
    order by clicked.order_count desc, clicked.revenue desc, clicked.product_id
    limit 100
  ", filters)
}

# The last twelve cohorts, and their first twelve weeks. A channel is that of people's first session.
cohorts_by_week <- function(ask, filters) {
  ask("
    select
      cohort_week::text as cohort_week,
      week_number,
      bool_and(is_complete) as is_complete,
      sum(cohort_size)::float8 as cohort_size,
      sum(retained_count)::float8 as retained_count,
      sum(order_count)::float8 as order_count,
      sum(revenue)::float8 as revenue,
      sum(cumulative_revenue)::float8 as cumulative_revenue
    from marts.retention_weekly
    where cohort_type = {cohort}
      and ({channel} = '' or first_channel = {channel})
      and week_number < 12
      and cohort_week >= (select date_trunc('week', as_of_date)::date - 7 * 11 from marts.freshness)
    group by cohort_week, week_number
    order by cohort_week, week_number
  ", filters)
}

# Of all cohorts that a week is over for: the larger the cohort, the more it says.
lifetime_value <- function(ask, filters) {
  ask("
    select
      week_number,
      count(distinct cohort_week)::float8 as cohort_count,
      sum(cohort_size)::float8 as cohort_size,
      (sum(cumulative_revenue) / sum(cohort_size))::float8 as revenue_per_customer
    from marts.retention_weekly
    where cohort_type = {cohort}
      and ({channel} = '' or first_channel = {channel})
      and is_complete
      and week_number <= 52
    group by week_number
    order by week_number
  ", filters)
}
