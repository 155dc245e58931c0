"""Findings of cdk-nag that stay, each with its reason."""

from infra.stacks.platform import Platform


def acknowledge(platform: Platform) -> None:
    pass
