# Near is the side of the anchor, far the one away from it. Of many thousand links the smallest are one.

flows_from_start <- function(ask, filters) {
  ask("
    with links as (
      select step_number, from_node, to_node, sum(session_count) as session_count
      from marts.journey_transitions_daily
      where activity_date between {from}::date and {to}::date
        and step_number <= {depth}::int
      group by step_number, from_node, to_node
    ),
    ranked as (
      select
        links.*,
        row_number() over (order by session_count desc, step_number, from_node, to_node) as rank
      from links
    )
    select
      step_number::float8 as step_number,
      case when rank <= 1000 or step_number = 1 then from_node else '(other)' end as near_node,
      case when rank <= 1000 then to_node else '(other)' end as far_node,
      sum(session_count)::float8 as session_count
    from ranked
    group by 1, 2, 3
    order by 1, 4 desc, 2, 3
  ", filters)
}

flows_of_node <- function(ask, filters, anchor) {
  ask("
    with links as (
      select
        step_number,
        case {direction}::text when 'forward' then from_node else to_node end as near_node,
        case {direction}::text when 'forward' then to_node else from_node end as far_node,
        sum(session_count) as session_count
      from marts.journey_flows_daily
      where activity_date between {from}::date and {to}::date
        and direction = {direction}::text
        and anchor_node = {anchor}
        and step_number <= {depth}::int
      group by 1, 2, 3
    ),
    ranked as (
      select
        links.*,
        row_number() over (order by session_count desc, step_number, near_node, far_node) as rank
      from links
    )
    select
      step_number::float8 as step_number,
      case when rank <= 1000 or step_number = 1 then near_node else '(other)' end as near_node,
      case when rank <= 1000 then far_node else '(other)' end as far_node,
      sum(session_count)::float8 as session_count
    from ranked
    group by 1, 2, 3
    order by 1, 4 desc, 2, 3
  ", c(filters, anchor = anchor))
}

top_paths <- function(ask, filters) {
  ask("
    select
      path,
      sum(session_count)::float8 as session_count,
      (sum(session_count) / sum(sum(session_count)) over ())::float8 as session_share,
      sum(order_count)::float8 as order_count,
      (sum(order_count) / nullif(sum(session_count), 0))::float8 as orders_per_session
    from marts.session_paths_daily
    where activity_date between {from}::date and {to}::date
    group by path
    order by 2 desc, path
    limit 50
  ", filters)
}

# The hundred pages where most sessions began, and the hundred where most ended.
entries_and_exits <- function(ask, filters) {
  ask("
    with
    pages as (
      select page_path, sum(entry_count) as entry_count, sum(exit_count) as exit_count
      from marts.pages_daily
      where activity_date between {from}::date and {to}::date
        and (entry_count > 0 or exit_count > 0)
      group by page_path
    ),
    ranked as (
      select
        pages.*,
        row_number() over (order by entry_count desc, page_path) as entry_rank,
        row_number() over (order by exit_count desc, page_path) as exit_rank,
        entry_count / nullif(sum(entry_count) over (), 0) as entry_share,
        exit_count / nullif(sum(exit_count) over (), 0) as exit_share
      from pages
    )
    select
      page_path,
      entry_count::float8 as entry_count,
      entry_share::float8 as entry_share,
      exit_count::float8 as exit_count,
      exit_share::float8 as exit_share
    from ranked
    where (entry_rank <= 100 and entry_count > 0) or (exit_rank <= 100 and exit_count > 0)
    order by entry_rank
  ", filters)
}
