with

scores as (
    select generate_series(1, 5) as score
)

select
    r.score as r,
    f.score as f,
    m.score as m
from scores as r
cross join scores as f
cross join scores as m
left join {{ ref('rfm_segments') }} as fitting
    on
        r.score between fitting.r_from and fitting.r_to
        and f.score between fitting.f_from and fitting.f_to
        and m.score between fitting.m_from and fitting.m_to
where fitting.segment is null
