"""`python -m erasure`: the command where only its environment says which warehouse and bucket."""

import argparse
import os
import sys

import psycopg

from erasure.command import erase
from erasure.s3 import first_line


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="erasure", description="Replace people's ids by pseudonyms, in the warehouse and in S3."
    )
    parser.add_argument("--user-id", action="append", default=[], help="may be given more than once")
    parser.add_argument("--client-id", action="append", default=[], help="may be given more than once")
    parser.add_argument("--dry-run", action="store_true", help="change nothing, and count what would be")
    asked = parser.parse_args()
    try:
        receipt = erase(os.environ, asked.user_id, asked.client_id, is_dry=asked.dry_run)
    except (RuntimeError, TimeoutError, OSError, psycopg.Error) as error:
        sys.exit(f"erasure: {first_line(error)}")
    print("\n".join(receipt.lines()))
    for aside in receipt.asides():
        print(aside, file=sys.stderr)
    if receipt.failures:
        sys.exit(f"erasure: {receipt.complaint()}")


if __name__ == "__main__":
    main()
