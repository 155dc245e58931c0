-- The loader's ledger and the warehouse count apart from one another.
select *
from {{ ref('load_health') }}
where duplicate_count < 0
