"""The faults: what is changed where, and the tests that have to notice, the one named first by its rule."""

from __future__ import annotations

from dataclasses import dataclass

_GRAPH = "tests/integration/test_asset_graph.py"
_RULES = "tests/unit/quality/test_gate_rules.py"
_FRAMES = "tests/unit/quality/test_frames.py"
_SUITE = "tests/unit/quality/test_suite.py"
_VERDICT = "tests/unit/quality/test_verdicts_of_gates.py"
_PUBLISH = "tests/integration/test_publish_needs_verdicts.py"
_FRESH = "tests/unit/quality/test_freshness.py"
_FINDINGS = "tests/unit/quality/test_freshness_findings.py"
_BANDS = "tests/unit/quality/test_bands.py"
_STABILITY = "tests/unit/quality/test_stability.py"
_ACCEPTED = "tests/integration/test_accepted_deliveries.py"
_DELIVERY = "tests/integration/test_delivery_checks.py"
_EXPECTED = "tests/unit/quality/test_expectations.py"
_TABLES = "tests/unit/quality/test_published_tables.py"
_QUALITY = "tests/unit/contracts/test_contract_quality.py"
_ALERTS = "tests/unit/alerts/test_alerts.py"
_PAGE = "tests/unit/report/test_run_page.py"
_CHANGES = "tests/unit/contracts/test_contract_changes.py"


@dataclass(frozen=True)
class Fault:
    """`before` stands once in the file and becomes `after`; each of `tests` is a file or node that pytest takes."""

    name: str
    path: str
    before: str
    after: str
    tests: tuple[str, ...]

    def spoiled(self, text: str) -> str:
        """The file with the fault. Raises ValueError where the code has moved on: the fault must follow it."""
        if text.count(self.before) != 1:
            raise ValueError(
                f"{self.name}: {self.path} has its text {text.count(self.before)} times, expected once."
            )
        return text.replace(self.before, self.after)


def faults_in(path: str, *faults: tuple[str, str, str, str]) -> list[Fault]:
    """Faults (name, before, after, test) of one file."""
    return [Fault(name, path, before, after, (tests,)) for name, before, after, tests in faults]


FAULTS: tuple[Fault, ...] = (
    *faults_in("pipelines/assets/gates.py",
         ("no check blocks", 'blocking=rule.severity == "fail"', "blocking=False", _GRAPH),
         ("no table is held against its past", "if part is DBT_SETS[-1] else ()", "if False else ()", _GRAPH)),
    *faults_in("pipelines/quality/rules.py",
         ("the largest customer may have five thousand million records", '"largest_customer", None, 5000, "fail"',
          '"largest_customer", None, 5_000_000_000, "fail"', _RULES),
         ("a crowd of a customer only warns", '"largest_customer", None, 5000, "fail"', '"largest_customer", None, 5000, "warn"', _RULES),
         ("lost rows only warn", '"unaccounted_rows", 0, 0, "fail"', '"unaccounted_rows", 0, 0, "warn"', _RULES),
         ("an empty view only warns", '"customers", 1, None, "fail"', '"customers", 1, None, "warn"', _RULES),
         ("any loss of customers is allowed", '"kept_share", 0.5, None, "fail"', '"kept_share", 0.0, None, "fail"', _RULES),
         ("the setting of the loss is not obeyed", "low=1 - largest_loss", "low=0.5", _RULES)),
    *faults_in("pipelines/quality/frames.py",
         ("every delivery balances", "rows_in - accepted - quarantined - duplicate AS", "0 AS", _FRAMES),
         ("a snapshot's closings count as rows", "rows_in - accepted - quarantined - duplicate AS",
          "rows_in - accepted - quarantined - duplicate + closed AS", _FRAMES),
         ("nobody is a crowd", "(SELECT coalesce(max(n), 0) FROM", "(SELECT coalesce(min(n), 0) FROM", _FRAMES),
         ("retired ids are not counted", "/ nullif((SELECT count(DISTINCT customer_id) FROM memory.state.identity_assignments), 0)",
          "* 0.0", _FRAMES),
         ("customers kept are held against themselves", "nullif({published}, 0)",
          "(SELECT count(*) FROM warehouse.golden.customers)", _FRAMES),
         ("a contract's currency is not asked for", " AND sources.default_currency IS NULL", "", _FRAMES),
         ("a source without a record has some", "coalesce(held.records, 0) END AS records", "coalesce(held.records, 1) END AS records", _FRAMES)),
    *faults_in("pipelines/quality/suite.py",
         ("what lies above passes", 'AtLeast(column_A="high", column_B="value", **form),', "", _SUITE),
         ("what lies below passes", 'AtLeast(column_A="value", column_B="low", **form),', "", _SUITE),
         ("a bound is outside", '"or_equal": True', '"or_equal": False', _SUITE),
         ("what could not be judged passes", "return Observed(None, passed=False)", "return Observed(None, passed=True)", _SUITE)),
    *faults_in("pipelines/quality/verdict.py",
         ("a missing verdict is as good as one", 'return None, "missing"', 'return {}, ""', _VERDICT),
         ("a foreign verdict is as good", 'if (body["build_id"], body["fingerprint"]) != (judged.build_id, judged.fingerprint):',
          "if False:", _VERDICT),
         ("a stale verdict is as good", 'if body["state"] != judged.state:', "if False:", _VERDICT),
         ("a verdict changed by hand is as good", 'if CHECKSUM not in body or not is_whole(body) or', "if", _VERDICT),
         ("a verdict may leave a rule out", "lacking = {rule.name for rule in rules_of(layer)} -", "lacking = set() and", _VERDICT),
         ("a red verdict is as good", "for result in results if result.is_red]", "for result in () if result.is_red]", _VERDICT)),
    *faults_in("pipelines/assets/publish.py",
         ("publishing asks for no verdict",
          "verdicts = passing_verdicts(", "verdicts = (lambda *_: [])(", _PUBLISH)),
    *faults_in("pipelines/assets/judged_build.py",
         ("models built again leave the verdict", "digest.update(path.read_bytes() if path.is_file() else b\"not built\")", "digest.update(b\"\")", _PUBLISH)),
    *faults_in("pipelines/quality/freshness.py",
         ("a source that never delivered is fresh", "if not there:", "if False:", _FRESH),
         ("lateness is a million hours less", "due_at = later(newest, hours, zone)", "due_at = later(newest, hours + 1_000_000, zone)", _FRESH),
         ("an event of the future is life", "if (event := one.latest_past_event_at) is not None and event <= bound",
          "if (event := one.latest_event_at) is not None", _FRESH),
         ("the end of the day is that of Greenwich", "datetime.combine(as_of + timedelta(days=1), time(), zone)",
          "datetime.combine(as_of + timedelta(days=1), time(), UTC)", _FRESH)),
    *faults_in("pipelines/quality/freshness_findings.py",
         ("the contract's fail only warns", '"warn" if is_never else severity', '"warn"', _FINDINGS),
         ("events of the future are no finding", "future.deliveries > 0", "False", _FINDINGS)),
    *faults_in("pipelines/quality/bands.py",
         ("three deliveries are enough", "FEWEST = 7\n", "FEWEST = 3\n", _BANDS),
         ("weekdays are all alike", "return overall + sure * effect,", "return overall + 0 * effect,", _BANDS),
         ("growth is not followed", "return sure * change / (len(logs) - half)", "return 0.0", _BANDS),
         ("a strange delivery widens the band", "trimmed = deviations[: max(1, round(len(deviations) * 0.9))]", "trimmed = deviations", _BANDS),
         ("bands of rows are twice as wide", "ROW_SIGMAS = 4.6", "ROW_SIGMAS = 9.2", _BANDS)),
    *faults_in("pipelines/quality/stability.py",
         ("what is new does not count", "known = label if label in shares else OTHER", "known = label if label in shares else None or label", _STABILITY),
         ("a first delivery of everything counts", "<= middle + _SIGMAS * spread]", "<= 10**9]", _STABILITY),
         ("no class is sure to be there", "SURELY_EXPECTED = 12", "SURELY_EXPECTED = 10**9", _STABILITY)),
    *faults_in("pipelines/quality/gx_stability.py",
         ("the index is never too high", '"success": index <= self.limit', '"success": True', _STABILITY)),
    *faults_in("pipelines/quality/expectations.py",
         ("a bad delivery is learned from", 'if not is_failed[turn] or days[day] >= HABIT', "if True or days[day] >= HABIT", _EXPECTED),
         ("a change that stays fails for ever", "if len(run) >= LASTING", "if False", _EXPECTED),
         ("an accepted change is not learned", "start = self.begins.get(measure, 0)", "start = 0", _EXPECTED),
         ("a contract's severity of learned bands is not obeyed", "if rule.measure == LEARNED), \"warn\")", "if False), \"warn\")", _DELIVERY),
         ("a handful of rows is judged by defaults", "if rows >= FEWEST_ROWS and", "if", _DELIVERY)),
    *faults_in("pipelines/ingest/judge.py", ("a red delivery is taken", "if judged.red:", "if False:", _DELIVERY)),
    *faults_in("pipelines/ingest/source.py",
         ("an acceptance is not obeyed", "is_accepted = (contract.id, landed.delivery_id) in desk.acceptances", "is_accepted = False", _ACCEPTED),
         ("one acceptance accepts everything", "is_accepted = (contract.id, landed.delivery_id) in desk.acceptances",
          "is_accepted = bool(desk.acceptances)", _ACCEPTED)),
    *faults_in("pipelines/quality/delivery.py",
         ("a contract's bound is held on a sample", 'profile["shares"] |= exact', "exact = {}", _DELIVERY)),
    *faults_in("pipelines/quality/profile.py",
         ("free text has no classes to be missed", "return {OTHER: len(column)}", "return {}", _DELIVERY)),
    *faults_in("pipelines/quality/classes.py",
         ("texts stand in profiles as they are", "hashed = f\"'#' || left(md5({quote(salt)} || {name}), 8)\"", "hashed = name", _DELIVERY)),
    *faults_in("pipelines/quality/published.py",
         ("a version that was left is learned from", 'if kept["version"] not in left:', "if True:", _TABLES),
         ("an emptied column is as usual", "if band:\n            yield _figure(f\"{table}.{column}\"",
          "if False:\n            yield _figure(f\"{table}.{column}\"", _TABLES)),
    *faults_in("pipelines/contracts/quality_bounds.py",
         ("what may be wrong is what must be right", "return None if high is None else 100.0 - high, None if low is None else 100.0 - low",
          "return low, high", _QUALITY),
         ("less than five is five", "return None, below", "return None, number", _QUALITY)),
    *faults_in("pipelines/contracts/changes.py",
         ("another kind is no breaking change", '"schema", "kind_changed", BREAKING,', '"schema", "kind_changed", COMPATIBLE,', _CHANGES)),
    *faults_in("pipelines/alerts/state.py",
         ("a red check alerts every night", "if key not in told and route.wants(", "if route.wants(", _ALERTS),
         ("nobody hears that it is green again", "for key, turn in self.green.items() if key in told]",
          "for key, turn in self.green.items() if False]", _ALERTS)),
    *faults_in("pipelines/alerts/route.py",
         ("everybody hears of everything", "return is_owned and", "return", _ALERTS)),
    *faults_in("pipelines/report/history.py",
         ("a check is red since today", "self.since, self.failing_runs = run, self.failing_runs + 1", "self.failing_runs += 1", _PAGE)),
)  # fmt: skip
