"""dlt on the same objects and the same PostgreSQL, run by a Python of its own.

Its best case: each event stays one JSON value, as with us, instead of becoming columns."""

import os
import sys
import tempfile

import dlt  # type: ignore[import-not-found]
from dlt.sources.filesystem import filesystem, read_jsonl  # type: ignore[import-not-found]


def main(prefix: str) -> None:
    user, password = os.environ["DW_PG_USER"], os.environ["DW_PG_PASSWORD"]
    host, port = os.environ["DW_PG_HOST"], os.environ["DW_PG_PORT"]
    bucket = {
        "aws_access_key_id": os.environ["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"],
        "endpoint_url": os.environ["AWS_ENDPOINT_URL_S3"],
    }
    files = filesystem(
        bucket_url=f"s3://{os.environ['RAW_BUCKET_NAME']}/{prefix}", file_glob="**/*.json", credentials=bucket
    )
    events = (files | read_jsonl()).with_name("events")
    events.add_map(lambda event: {"payload": event})
    events.apply_hints(columns={"payload": {"data_type": "json"}})
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            "bench",
            pipelines_dir=folder,
            destination=dlt.destinations.postgres(
                f"postgresql://{user}:{password}@{host}:{port}/{os.environ['DW_PG_DATABASE']}"
            ),
            dataset_name="dlt",
        )
        pipeline.run(events, write_disposition="replace").raise_on_failed_jobs()


main(sys.argv[1])
