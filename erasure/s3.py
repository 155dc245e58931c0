"""The bucket's side: objects are replaced where they lie, and what they were is deleted."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

import boto3
import obstore
import psycopg
from botocore.exceptions import ClientError
from obstore.exceptions import BaseError as ObjectStoreError
from obstore.store import S3Store

from erasure import ledger
from erasure.ledger import Tries
from erasure.objects import UnfitObjectError, rewritten
from erasure.people import People
from loader_lambda.objects import StoredObject, fetch, list_objects, open_bucket
from loader_lambda.warehouse import known_etags

ALL_EVENTS = "events/"
# What an object keeps beside its bytes.
KEPT_HEADERS = ("ContentType", "ContentEncoding", "CacheControl", "Metadata", "StorageClass")
# Servers that know no versions say so in various ways; keys that may not ask must not be taken for that.
NO_VERSIONS = ("NotImplemented", "MethodNotAllowed", "UnsupportedOperation")
# Of one object, which stops no other.
REFUSALS = (UnfitObjectError, ClientError, ObjectStoreError)


class Bucket:
    def __init__(self, name: str, endpoint: str | None) -> None:
        self.name = name
        self.reading: S3Store = open_bucket(name, endpoint)
        self._writing: Any = boto3.client(
            "s3", endpoint_url=endpoint, region_name=os.environ.get("AWS_REGION")
        )
        self.has_versions = self._has_versions()

    def _has_versions(self) -> bool:
        try:
            answer = self._writing.get_bucket_versioning(Bucket=self.name)
        except ClientError as error:
            if error.response["Error"]["Code"] in NO_VERSIONS:
                return False
            raise
        return answer.get("Status") in ("Enabled", "Suspended")

    def find(self, key: str) -> bytes | None:
        try:
            return bytes(obstore.get(self.reading, key).bytes())
        except FileNotFoundError:
            return None

    def replace(self, key: str, body: bytes) -> None:
        head: dict[str, Any] = dict(self._writing.head_object(Bucket=self.name, Key=key))
        kept = {name: head[name] for name in KEPT_HEADERS if head.get(name)}
        self._writing.put_object(Bucket=self.name, Key=key, Body=body, **kept)

    def listed(self, key: str) -> StoredObject | None:
        """With the etag as a loader's listing shows it, which some servers write in another way elsewhere."""
        answer = self._writing.list_objects_v2(Bucket=self.name, Prefix=key, MaxKeys=1)
        for entry in answer.get("Contents", []):
            if entry["Key"] == key:
                return StoredObject(key, entry["ETag"], entry["Size"])
        return None

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


def unloaded(connection: psycopg.Connection, bucket: Bucket) -> Iterator[StoredObject]:
    """What no loader has read yet, or ever will."""
    for page in list_objects(bucket.reading, [ALL_EVENTS]):
        known = known_etags(connection, page)
        yield from (each for each in page if each.key not in known)


def keys_of_theirs(
    bucket: Bucket, objects: Iterable[StoredObject], people: People, failures: dict[str, str]
) -> Iterator[str]:
    for stored, outcome in fetch(bucket.reading, objects):
        if isinstance(outcome, bytes):
            if is_theirs(outcome, people):
                yield stored.key
        elif not isinstance(outcome, FileNotFoundError):
            failures[stored.key] = first_line(outcome)


def is_theirs(body: bytes, people: People) -> bool:
    try:
        return rewritten(body, people) is not None
    except UnfitObjectError:
        return True


def replace(connection: psycopg.Connection, bucket: Bucket, key: str, people: People, tries: Tries) -> None:
    """It is crossed off when nothing is left to do: killed before, it is done again."""
    found = bucket.find(key)
    change = rewritten(found, people) if found is not None else None
    if change:
        bucket.replace(key, change.body)
    ledger.finish_object(
        connection,
        tries,
        key,
        versions=bucket.delete_old_versions(key) if bucket.has_versions else 0,
        stored=bucket.listed(key),
        rejects=change.rejects if change else None,
    )


def first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), repr(error))
