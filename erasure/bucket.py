"""The bucket's side: objects are replaced where they lie, and what they were is deleted."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

import boto3
import obstore
from botocore.exceptions import ClientError
from obstore.store import S3Store

from loader_lambda.objects import StoredObject, fetch, list_objects, open_bucket

ALL_EVENTS = "events/"
# What an object keeps beside its bytes.
KEPT_HEADERS = ("ContentType", "ContentEncoding", "CacheControl", "Metadata", "StorageClass")
# Servers that know no versions say so in various ways; keys that may not ask must not be taken for that.
NO_VERSIONS = ("NotImplemented", "MethodNotAllowed", "UnsupportedOperation")


class Bucket:
    def __init__(self, name: str, endpoint: str | None) -> None:
        self.name = name
        self._reading: S3Store = open_bucket(name, endpoint)
        self._writing: Any = boto3.client(
            "s3", endpoint_url=endpoint, region_name=os.environ.get("AWS_REGION")
        )

    def pages(self) -> Iterator[list[StoredObject]]:
        yield from list_objects(self._reading, [ALL_EVENTS])

    def find(self, key: str) -> bytes | None:
        try:
            return bytes(obstore.get(self._reading, key).bytes())
        except FileNotFoundError:
            return None

    def listed(self, key: str) -> StoredObject:
        """With the etag as a loader's listing shows it, which some servers write in another way elsewhere."""
        answer = self._writing.list_objects_v2(Bucket=self.name, Prefix=key, MaxKeys=1)
        for entry in answer.get("Contents", []):
            if entry["Key"] == key:
                return StoredObject(key, entry["ETag"], entry["Size"])
        raise RuntimeError(f"{key} was deleted meanwhile: run the same command again")

    def read(self, objects: Iterable[StoredObject]) -> Iterator[tuple[StoredObject, bytes]]:
        """Those that are still there."""
        for stored, outcome in fetch(self._reading, objects):
            if isinstance(outcome, bytes):
                yield stored, outcome
            elif not isinstance(outcome, FileNotFoundError):
                raise RuntimeError(f"{stored.key} could not be read, run the same command again: {outcome}")

    def replace(self, key: str, body: bytes) -> None:
        head: dict[str, Any] = dict(self._writing.head_object(Bucket=self.name, Key=key))
        kept = {name: head[name] for name in KEPT_HEADERS if head.get(name)}
        self._writing.put_object(Bucket=self.name, Key=key, Body=body, **kept)

    def has_versions(self) -> bool:
        try:
            answer = self._writing.get_bucket_versioning(Bucket=self.name)
        except ClientError as error:
            if error.response["Error"]["Code"] in NO_VERSIONS:
                return False
            raise
        return answer.get("Status") in ("Enabled", "Suspended")

    def delete_old_versions(self, key: str) -> int:
        """All but the newest; of an object that is deleted, all."""
        pages = self._writing.get_paginator("list_object_versions").paginate(Bucket=self.name, Prefix=key)
        old = [
            version["VersionId"]
            for page in pages
            for version in page.get("Versions", [])
            if version["Key"] == key and not version["IsLatest"]
        ]
        for version_id in old:
            self._writing.delete_object(Bucket=self.name, Key=key, VersionId=version_id)
        return len(old)
