"""Training: what maximisation finds on invented pairs of known probabilities."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from pipelines.identity.model_check import Contradiction, contradictions, refusal
from pipelines.identity.training import PRIOR_FIELD, active_model, train

TRUE_M = {"name": 0.9, "birth": 0.8, "city": 0.7, "phone": 0.6, "mail": 0.65}
RANDOM_U = {"name": 0.01, "birth": 0.002, "city": 0.1, "phone": 0.001, "mail": 0.001}
CANDIDATE_U = {
    "name": 0.5,
    "birth": 0.002,
    "city": 0.6,
    "phone": 0.01,
    "mail": 0.001,
}  # blocking makes pairs agree that are no match
PROFILES = 10_000


def levels() -> pd.DataFrame:
    rows = [
        (field, level, label, m, u, level == 1, "")
        for field in [*TRUE_M, "reference"]
        for level, label, m, u in ((0, "different", 0.2, 0.9), (1, "same", 0.8, 0.1))
    ]
    return pd.DataFrame(
        rows, columns=["field", "level", "label", "m_default", "u_default", "is_exact", "description"]
    )


def settings(prior_pairs: float = 200) -> pd.DataFrame:
    values = {
        "em_prior_pairs": prior_pairs,
        "em_prior_share": 0.0,
        "em_class_pairs": 100,
        "em_class_share": 0.005,
        "em_sure": 0.999,
        "em_sure_share": 0.1,
        "em_rounds": 60,
        "expected_duplicates": 3.0,
    }
    return pd.DataFrame({"setting": list(values), "value": list(values.values())})


def patterns(matches: float, others: float, random: float = 1e6) -> pd.DataFrame:
    rows = []
    for agreed in itertools.product((0, 1), repeat=len(TRUE_M)):
        level = dict(zip(TRUE_M, agreed, strict=True))
        share = {
            name: np.prod([p[f] if level[f] else 1 - p[f] for f in TRUE_M])
            for name, p in (("m", TRUE_M), ("c", CANDIDATE_U), ("u", RANDOM_U))
        }
        rows.append(("candidate", share["m"] * matches + share["c"] * others, level))
        rows.append(("random", share["u"] * random, level))
    return pd.DataFrame(
        [
            {
                "sample": sample,
                "entity_type": "person",
                "pair_count": count,
                "reference_level": None,
                "is_match": None,
            }
            | {f"{field}_level": value for field, value in level.items()}
            for sample, count, level in rows
        ]
    )


POPULATION = pd.DataFrame({"entity_type": ["person"], "profile_count": [PROFILES]})


def found(model: pd.DataFrame, column: str = "m") -> dict[str, float]:
    same = model[(model["level"] == 1) & (model["field"] != PRIOR_FIELD)]
    return dict(zip(same["field"], same[column], strict=True))


def test_m_is_found_although_candidates_that_do_not_match_agree_on_their_blocking_key() -> None:
    model = train(levels(), patterns(20_000, 80_000), POPULATION, settings())
    for field, m in TRUE_M.items():
        assert found(model)[field] == pytest.approx(m, abs=0.02)


def test_strangers_who_outnumber_the_matches_are_not_what_is_learned() -> None:
    seen = patterns(20_000, 0)
    for shared, pairs in (("name", 300_000), ("phone", 100_000), ("birth", 60_000)):
        strangers = patterns(1, 0)
        agree = RANDOM_U | {shared: 1.0}
        chances = [np.where(strangers[f"{f}_level"] == 1, agree[f], 1 - agree[f]) for f in TRUE_M]
        strangers["pair_count"] = np.prod(chances, axis=0) * pairs
        seen = pd.concat([seen, strangers[strangers["sample"] == "candidate"]])
    model = train(levels(), seen, POPULATION, settings())
    for field in ("name", "birth", "city", "phone"):
        assert found(model)[field] == pytest.approx(TRUE_M[field], abs=0.1)


def test_u_leaves_out_the_true_matches_among_random_pairs() -> None:
    model = train(levels(), patterns(20_000, 80_000), POPULATION, settings(1))
    assert found(model, "u")["birth"] < RANDOM_U["birth"]
    assert found(model, "u")["birth"] == pytest.approx(RANDOM_U["birth"] - 4 / PROFILES * 0.8, rel=0.1)


def test_the_chance_of_a_random_match_comes_from_the_matches_found() -> None:
    model = train(levels(), patterns(20_000, 80_000), POPULATION, settings())
    person = model[(model["field"] == PRIOR_FIELD) & (model["label"] == "person")].iloc[0]
    assert person["m"] * (PROFILES - 1) == pytest.approx(
        4.0, abs=0.1
    )  # 20,000 pairs: each profile has four others


def test_a_field_that_is_only_seen_where_it_agrees_keeps_the_shipped_probabilities() -> None:
    seen = patterns(20_000, 80_000)
    seen.loc[seen["name_level"] == 1, "reference_level"] = 1
    model = train(levels(), seen, POPULATION, settings())
    assert found(model)["reference"] == pytest.approx(0.8)
    assert found(model, "u")["reference"] == pytest.approx(0.1, rel=0.01)


def test_without_candidates_the_shipped_model_holds() -> None:
    nothing = patterns(1, 1).iloc[:0]
    model = train(levels(), nothing, POPULATION.iloc[:0], settings())
    assert set(model["model_id"]) == {"shipped"}
    assert found(model)["name"] == pytest.approx(0.8)


def test_a_stored_model_is_used_until_the_levels_change() -> None:
    seen = patterns(20_000, 80_000)
    stored = train(levels(), seen, POPULATION, settings()).assign(model_id="stored")
    assert set(active_model(stored, levels(), seen, POPULATION, settings())["model_id"]) == {"stored"}
    fewer = levels()[levels()["field"] != "city"]
    again = active_model(stored, fewer, seen.drop(columns="city_level"), POPULATION, settings())
    assert set(again["model_id"]) == {"trained"}


def test_what_stewards_judged_counts_as_they_say() -> None:
    """Pairs that agree in everything but the name look like matches; five thousand verdicts say that they are none."""
    seen = patterns(20_000, 80_000)
    alike = (seen["sample"] == "candidate") & (seen["name_level"] == 0)
    for field in ("birth", "city", "phone", "mail"):
        alike &= seen[f"{field}_level"] == 1
    labelled = seen[alike].assign(pair_count=5_000.0)
    m = {}
    for verdict in (None, True, False):
        more = pd.concat([seen, labelled.assign(is_match=verdict)], ignore_index=True)
        m[verdict] = found(train(levels(), more, POPULATION, settings()))["name"]
    assert m[True] < 0.8
    # The few true matches of that pattern go with the many that are none.
    assert m[False] > TRUE_M["name"]
    assert m[True] - 0.01 <= m[None] < m[False] - 0.05


def test_households_who_outnumber_the_matches_do_not_become_what_is_learned() -> None:
    """Two hundred thousand pairs of one family name and home, and other given names and birth dates, beside 20,000 matches."""
    true_m = {"family": 0.85, "given": 0.8, "birth_date": 0.9, "address": 0.7}
    random_u = {"family": 0.01, "given": 0.005, "birth_date": 0.0003, "address": 0.0005}
    at_home = {"family": 0.95, "given": 0.01, "birth_date": 0.0003, "address": 0.95}
    rows = []
    for agreed in itertools.product((0, 1), repeat=len(true_m)):
        level = dict(zip(true_m, agreed, strict=True))
        kinds = (("candidate", true_m, 2e4), ("candidate", at_home, 2e5), ("random", random_u, 1e6))
        rows += [(sample, level, pairs * _chance(p, level)) for sample, p, pairs in kinds]
    seen = pd.DataFrame(
        {"sample": sample, "entity_type": "person", "pair_count": count, "is_match": None}
        | {f"{field}_level": value for field, value in level.items()}
        for sample, level, count in rows
    )
    shipped = pd.DataFrame(
        [(f, n, str(n), (0.1, 0.9)[n], (0.99, 0.01)[n], n == 1, "") for f in true_m for n in (0, 1)],
        columns=["field", "level", "label", "m_default", "u_default", "is_exact", "description"],
    )
    m = found(train(shipped, seen, POPULATION, settings()))
    for field, chance in true_m.items():
        assert m[field] == pytest.approx(chance, abs=0.05), field


def _with_namesakes(phones_differ: float) -> pd.DataFrame:
    """20,000 matches, 100,000 namesakes of whom only names and numbers are known, 200,000 others whom blocking found."""
    chances = {
        "match": {"given": 0.95, "birth_date": 0.97, "email": 0.9, "phone": 1 - phones_differ},
        "namesake": {"given": 0.95, "phone": 0.001},
        "other": {"given": 0.3, "birth_date": 0.001, "email": 0.001, "phone": 0.001},
        "random": {"given": 0.01, "birth_date": 0.0003, "email": 0.0005, "phone": 0.001},
    }
    kinds = (
        ("candidate", "match", 2e4),
        ("candidate", "namesake", 1e5),
        ("candidate", "other", 2e5),
        ("random", "random", 1e6),
    )
    rows = []
    for sample, kind, pairs in kinds:
        for agreed in itertools.product((0, 1), repeat=len(chances[kind])):
            level = dict(zip(chances[kind], agreed, strict=True))
            rows.append((sample, level, pairs * _chance(chances[kind], level)))
    return pd.DataFrame(
        {"sample": sample, "entity_type": "person", "pair_count": count, "is_match": None}
        | {f"{field}_level": level.get(field) for field in chances["match"]}
        for sample, level, count in rows
    )


def test_how_often_phones_of_one_person_differ_is_told_by_pairs_that_are_sure_without_them() -> None:
    """Maximisation alone takes half of the namesakes for matches, and says that every third match has another number."""
    fields = ("given", "birth_date", "email", "phone")
    shipped = pd.DataFrame(
        [(f, n, str(n), (0.1, 0.9)[n], (0.99, 0.01)[n], n == 1, "") for f in fields for n in (0, 1)],
        columns=["field", "level", "label", "m_default", "u_default", "is_exact", "description"],
    )
    for differ in (0.05, 0.2):
        m = found(train(shipped, _with_namesakes(differ), POPULATION, settings()))
        assert 1 - m["phone"] == pytest.approx(differ, abs=0.02)
    blind = settings().assign(value=lambda s: s["value"].mask(s["setting"] == "em_sure", 2.0))
    assert 1 - found(train(shipped, _with_namesakes(0.05), POPULATION, blind))["phone"] > 0.1


def _chance(p: dict[str, float], level: dict[str, int]) -> float:
    return float(np.prod([p[f] if level[f] else 1 - p[f] for f in p]))


def test_the_prior_holds_a_share_however_much_is_seen() -> None:
    held = settings().assign(value=lambda s: s["value"].mask(s["setting"] == "em_prior_share", 1.0))
    model = train(levels(), patterns(2_000_000, 8_000_000), POPULATION, held)
    # More than the middle of the two: as the shipped value moves m, pairs change sides.
    assert (0.65 + 0.8) / 2 - 0.02 < found(model)["mail"] < 0.78


def test_a_model_that_contradicts_itself_more_than_the_shipped_one_is_refused() -> None:
    """Half of what is said to match has another given name: whatever made these pairs alike, it is not a person."""
    found_shares = [Contradiction("another given name", 0.5, 0.02), Contradiction("opposite sex", 0.03, 0.02)]
    told = refusal(found_shares)
    assert told is not None
    assert "another given name in 50.0% of the links (2.0% with the shipped model)" in told
    assert "opposite sex" not in told
    assert refusal([Contradiction("another given name", 0.04, 0.02)]) is None


def test_contradictions_are_counted_over_the_links_of_either_model() -> None:
    patterns = pd.DataFrame(
        {"given_level": [0, 1, 0], "family_level": [1, 1, 0], "pair_count": [10.0, 30.0, 1000.0]}
    )
    u = {"given": np.array([0.9, 0.1]), "family": np.array([0.9, 0.1])}
    strict = {"given": np.array([0.01, 0.99]), "family": np.array([0.1, 0.9])}
    loose = {"given": np.array([0.8, 0.2]), "family": np.array([0.1, 0.9])}
    (one,) = contradictions(patterns, {("given", "different"): 0}, loose, strict, u, 0.0)
    assert (one.trained, one.shipped) == (0.25, 0.0)
