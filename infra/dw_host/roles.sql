-- Who may do what in the warehouse. Idempotent. Run by the owner of the database (a role with CREATEROLE,
-- no superuser), after loader_lambda/schema.sql. Passwords are set elsewhere: none stands in a file.

do $$
declare
    role_name text;
begin
    foreach role_name in array array['clickmart_loader', 'clickmart_dbt', 'clickmart_dashboard'] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I login', role_name);
        end if;
        execute format('revoke all on database %I from %I', current_database(), role_name);
        execute format('grant connect on database %I to %I', current_database(), role_name);
    end loop;
    execute format('revoke all on database %I from public', current_database());
end
$$;

-- The loader adds rows to raw and keeps its ledger; it changes or deletes no event.
grant usage on schema raw to clickmart_loader;
grant insert on raw.events, raw.rejected_events, raw.loaded_objects, raw.loads to clickmart_loader;
grant select on raw.loaded_objects, raw.loads to clickmart_loader;
grant update on raw.loads to clickmart_loader;
grant execute on function raw.prepare_month(timestamptz) to clickmart_loader;
-- It is the only one whose log is read outside, so it tells how dbt does, too.
grant select on raw.host_health to clickmart_loader;

-- dbt reads raw and owns everything it builds, developers' own schemas included.
grant usage on schema raw to clickmart_dbt;
grant select on all tables in schema raw to clickmart_dbt;
-- Whoever reads a secret can tell whose pseudonym it made.
revoke all on raw.erasures, raw.erasure_secrets, raw.erasure_objects from clickmart_dbt;
grant insert, update on raw.transformations to clickmart_dbt;

do $$
declare
    schema_name text;
begin
    -- The owner acts for dbt's role here, and must be its member to do so.
    execute format('grant clickmart_dbt to %I', current_user);
    execute format('grant create, temporary on database %I to clickmart_dbt', current_database());
    foreach schema_name in array array['staging', 'intermediate', 'marts'] loop
        execute format('create schema if not exists %I authorization clickmart_dbt', schema_name);
    end loop;
end
$$;

-- Dashboards read marts, also those that are still to come, and give up after five seconds.
set role clickmart_dbt;
grant usage on schema marts to clickmart_dashboard;
grant select on all tables in schema marts to clickmart_dashboard;
alter default privileges in schema marts grant select on tables to clickmart_dashboard;
reset role;

-- Sorting a month of events in memory; what PostgreSQL allows by itself is meant for many small queries.
alter role clickmart_dbt set work_mem = '128MB';
-- On solid-state disks an index is worth its while much sooner than on the disks that the default was made for.
alter role clickmart_dbt set random_page_cost = 1.1;
alter role clickmart_dashboard set random_page_cost = 1.1;
-- Compiling a question takes longer than answering it.
alter role clickmart_dashboard set jit = off;
alter role clickmart_dashboard set default_transaction_read_only = on;
alter role clickmart_dashboard set statement_timeout = '5s';
