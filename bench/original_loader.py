"""The way of the loader that this one replaces, to compare with: one GET after the other, rows typed and
inserted 200 at a time."""

import json
import os
import uuid

import boto3
import psycopg

ROWS_PER_INSERT = 200
COLUMNS = ("event_id", "event_name", "client_id", "session_id", "page_url", "product_id", "product_price")


def main(prefix: str) -> None:
    client = boto3.client("s3")
    bucket = os.environ["RAW_BUCKET_NAME"]
    with psycopg.connect(
        host=os.environ["DW_PG_HOST"],
        port=os.environ["DW_PG_PORT"],
        user=os.environ["DW_PG_USER"],
        password=os.environ["DW_PG_PASSWORD"],
        dbname=os.environ["DW_PG_DATABASE"],
    ) as connection:
        columns = ", ".join(f"{name} text" for name in COLUMNS)
        connection.execute("drop table if exists staging.original_events")
        connection.execute(f"create table staging.original_events ({columns}, primary key (event_id))")
        rows: list[tuple[object, ...]] = []
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for entry in page.get("Contents", []):
                body = client.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
                rows += [typed(json.loads(line)) for line in body.splitlines()]
                while len(rows) >= ROWS_PER_INSERT:
                    insert(connection, rows[:ROWS_PER_INSERT])
                    del rows[:ROWS_PER_INSERT]
        insert(connection, rows)


def typed(event: dict[str, object]) -> tuple[object, ...]:
    product = event.get("product")
    product = product if isinstance(product, dict) else {}
    return (
        event.get("eventId") or str(uuid.uuid4()),
        *(event.get(field) for field in ("eventName", "clientId", "sessionId", "pageUrl")),
        product.get("id"),
        str(product.get("price")),
    )


def insert(connection: psycopg.Connection, rows: list[tuple[object, ...]]) -> None:
    if rows:
        one = f"({', '.join(['%s'] * len(COLUMNS))})"
        statement = f"insert into staging.original_events values {', '.join([one] * len(rows))}"
        connection.execute(statement, [value for row in rows for value in row])
