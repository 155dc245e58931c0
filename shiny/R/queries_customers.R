# The marts of customers are of the last nightly build, and as of the newest data then.
customers_as_of <- function(ask) {
  ask("
    select
      coalesce((select as_of_date::text from marts.freshness), '') as as_of_date,
      (select value from marts.metric_settings where setting = 'rfm_min_customers') as min_customers
  ")
}

# Every combination of segment and scores; without a score these are 0. At most a few hundred rows.
segment_sizes <- function(ask) {
  ask("
    select
      segment, r, f, m,
      person_count::float8 as person_count,
      order_count::float8 as order_count,
      revenue::float8 as revenue,
      abandoned_value::float8 as abandoned_value,
      one_time_buyer_count::float8 as one_time_buyer_count,
      lapsed_count::float8 as lapsed_count,
      cart_abandoner_count::float8 as cart_abandoner_count,
      viewed_not_bought_count::float8 as viewed_not_bought_count
    from marts.segment_sizes
    order by segment, r, f, m
  ")
}

# Each segment by itself finds its best by an index, however many people there are.
customers_of_segment <- function(ask, filters, most) {
  ask("
    select
      person_id,
      best.segment,
      r, f, m,
      order_count::float8 as order_count,
      revenue::float8 as revenue,
      average_order_value::float8 as average_order_value,
      recency_days,
      to_char(
        last_seen_at at time zone (
          select value from marts.metric_settings where setting = 'reporting_timezone'
        ),
        'YYYY-MM-DD HH24:MI'
      ) as last_seen_at,
      abandoned_value::float8 as abandoned_value,
      concat_ws(
        ', ',
        case when is_one_time_buyer then 'one-time buyer' end,
        case when is_lapsed then 'lapsed' end,
        case when is_cart_abandoner then 'left a cart' end,
        case when is_viewed_not_bought then 'viewed, not bought' end
      ) as needs
    from (
      select segment
      from marts.segment_sizes
      where {segment} = '' or segment = {segment}
      group by segment
    ) as chosen
    cross join lateral (
      select *
      from marts.customer_segments
      where customer_segments.segment = chosen.segment
      order by revenue desc
      limit {most}::int
    ) as best
    order by revenue desc, abandoned_value desc, person_id
    limit {most}::int
  ", c(filters, most = most))
}
