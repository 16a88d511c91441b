"""The classifier: a probability that follows the features, and nothing beyond what was learned from."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.predictions import classifier
from pipelines.predictions.classifier import fit_classifier


def learned(customers: int) -> tuple[np.ndarray, np.ndarray]:
    dice = np.random.default_rng(1)
    features = np.column_stack([dice.uniform(0, 1, customers), np.ones(customers)])
    return features, dice.random(customers) < 0.2 + 0.6 * features[:, 0]


def test_probabilities_follow_the_features() -> None:
    found = fit_classifier(*learned(4000))(np.array([[0.1, 1.0], [0.9, 1.0]]))
    assert found == pytest.approx([0.26, 0.74], abs=0.04)


def test_ages_that_nobody_had_count_as_the_highest_that_was_seen() -> None:
    told = fit_classifier(*learned(4000))
    highest, further, lowest, below = told(np.array([[1.0, 1.0], [9.0, 5.0], [0.0, 1.0], [-9.0, 1.0]]))
    assert highest == further
    assert lowest == below < highest


def test_of_many_customers_some_are_learned_from(monkeypatch: pytest.MonkeyPatch) -> None:
    features, outcome = learned(4000)
    monkeypatch.setattr(classifier, "MOST_ROWS", 1000)
    some = fit_classifier(features, outcome)(features)
    places = np.linspace(0, 3999, 1000).astype(int)
    again = fit_classifier(features[places], outcome[places])(features)
    np.testing.assert_array_equal(some, again)
