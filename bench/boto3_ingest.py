"""The ingest handler with boto3 in the place of obstore, to compare with: nothing else differs."""

import os
from datetime import datetime

import boto3

from ingest_lambda import store

CLIENT = boto3.client("s3", endpoint_url=os.environ.get("AWS_ENDPOINT_URL_S3"))


def put_events(bucket: str, received_at: datetime, events: list[bytes]) -> None:
    CLIENT.put_object(Bucket=bucket, Key=store.object_key(received_at), Body=b"\n".join(events) + b"\n")


store.open_bucket = lambda name, endpoint: name  # type: ignore[assignment,return-value]
store.put_events = put_events  # type: ignore[assignment]

from ingest_lambda.handler import handler  # noqa: E402, F401 - takes the two from the module as it is by then
