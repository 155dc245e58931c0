"""The experiments of our small shop, and what its pages tell of them."""

from random import Random
from typing import Any

# Those of each experiment that somebody is shown, mostly one.
Variants = dict[str, tuple[str, ...]]

# With a control and without one.
VARIANTS: Variants = {"green_button": ("control", "green"), "ranking": ("a", "b", " c ")}
NO_VARIANTS: tuple[dict[str, Any], ...] = (
    *({}, {}, {}, {"ranking": 3}, {"ranking": None}, {"ranking": ["a"]}, {"green_button": " "}),
    *({"": "a"}, {"green_button": "x" * 129}, {"x" * 129: "a"}),
)


def variants_of(number: int) -> Variants:
    return {
        experiment: variants if number % 6 == 5 else (variants[number % len(variants)],)
        for experiment, variants in VARIANTS.items()
    }


def exposure(rng: Random, variants: Variants) -> dict[str, Any]:
    experiment = rng.choice((*VARIANTS, *VARIANTS, None))
    shown = variants.get(experiment or "ranking", ())
    return {"experiment": experiment, "variant": rng.choice((*shown, *shown, None))}


def experiments(rng: Random, variants: Variants) -> dict[str, Any]:
    seen = {experiment: rng.choice(shown) for experiment, shown in variants.items()}
    return {**dict(rng.sample(list(seen.items()), rng.randint(1, 2))), **rng.choice(NO_VARIANTS)}
