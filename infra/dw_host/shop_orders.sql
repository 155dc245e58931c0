-- A place in the warehouse for the shop's own orders, which copy-shop-orders fills. Idempotent. Run by the owner of
-- the database, after roles.sql, where orders are to be reconciled; nothing else needs it.

create schema if not exists oltp;

create table if not exists oltp.orders (
    order_id text primary key,
    ordered_at timestamptz not null,
    total numeric,
    status text
);

-- Who brings data in brings these, too; dbt only reads them.
grant usage on schema oltp to clickmart_loader, clickmart_dbt;
grant select, insert, delete on oltp.orders to clickmart_loader;
grant select on oltp.orders to clickmart_dbt;

-- Copying sets the new orders beside the old ones first.
do $grant$
begin
    execute format('grant temporary on database %I to clickmart_loader', current_database());
end
$grant$;
