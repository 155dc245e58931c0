"""The S3 side of an erasure. Killed anywhere, it is completed by doing it again."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from erasure import ledger
from erasure.bucket import Bucket
from erasure.objects import UnfitObjectError, rewritten
from erasure.people import People
from erasure.receipt import Receipt
from loader_lambda.warehouse import known_etags


@dataclass(frozen=True)
class Replacing:
    connection: psycopg.Connection
    bucket: Bucket
    has_versions: bool
    people: People
    receipt: Receipt

    def unloaded(self) -> Iterator[str]:
        """Objects that hold something of the people, and that no loader has read yet, or ever will."""
        for page in self.bucket.pages():
            known = known_etags(self.connection, page)
            for stored, body in self.bucket.read(each for each in page if each.key not in known):
                self.receipt.objects_read += 1
                if self.is_of_people(body):
                    yield stored.key

    def is_of_people(self, body: bytes) -> bool:
        try:
            return rewritten(body, self.people) is not None
        except UnfitObjectError:
            return True

    def count(self, key: str) -> None:
        if (found := self.bucket.find(key)) is not None:
            self.receipt.objects_read += 1
            self.receipt.objects_replaced += self.is_of_people(found)

    def replace(self, key: str, *, was_replaced: bool) -> None:
        """Noted first, then replaced, then its old versions deleted, and only then crossed off."""
        identities = self.people.identities
        found = self.bucket.find(key)
        if found is not None:
            self.receipt.objects_read += 1
            try:
                body = rewritten(found, self.people)
            except UnfitObjectError as error:
                self.receipt.failures.append(f"{key}: {error}")
                return
            if body is not None:
                ledger.expect_objects(self.connection, identities, [key], is_replaced=True)
                self.bucket.replace(key, body)
                self.receipt.objects_replaced += 1
                was_replaced = True
        if self.has_versions and (was_replaced or found is None):
            self.receipt.versions_deleted += self.bucket.delete_old_versions(key)
        stored = self.bucket.listed(key) if found is not None and was_replaced else None
        ledger.finish_object(self.connection, identities, key, stored)
