experiment_results <- function(ask, filters) {
  ask("
    select
      experiment, variant, metric, is_control,
      visitor_count::float8 as visitor_count, excluded_count::float8 as excluded_count,
      value::float8 as value, lift::float8 as lift, ci_low::float8 as ci_low, ci_high::float8 as ci_high,
      p_value, srm_p_value, status
    from marts.experiment_results
    where experiment = {experiment}
    order by metric, is_control desc, variant
  ", filters)
}
