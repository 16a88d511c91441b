"""What a run amounts to, in one sentence that needs no knowledge of the pipeline, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.quality.results import CheckResult
from pipelines.quality.run_record import RunFacts
from pipelines.report.words import counted, title

PASSED, LOOK, FAILED, UNENDED = "passed", "look", "failed", "unended"


@dataclass(frozen=True)
class StepError:
    """A step that ended in an error of its own, no check's; `told` holds no personal value."""

    step: str
    told: str


@dataclass(frozen=True)
class SeenVersion:
    """What readers see when the run has ended: the version, the day that it describes, and when it was made (ISO, UTC)."""

    version: str
    as_of_date: str
    created_at: str


@dataclass(frozen=True)
class Verdict:
    status: str
    sentence: str
    chinese: str


def judge(
    facts: RunFacts,
    results: Sequence[CheckResult],
    errors: Sequence[StepError],
    seen: SeenVersion | None,
    *,
    had_news: bool,
) -> Verdict:
    """The verdict of an ended run. `had_news` says that a night found something to build."""
    red = [result for result in results if result.is_red]
    warned = [result for result in results if not result.passed and not result.is_red]
    status = FAILED if red or errors or facts.failed_steps else LOOK if warned else PASSED
    lead, chinese_lead = _outcome(facts, seen, status, had_news=had_news)
    tail, chinese_tail = _reasons(facts, red, warned, errors, len(results))
    return Verdict(status, f"{lead}; {tail}.", f"{chinese_lead}；{chinese_tail}。")


def _outcome(facts: RunFacts, seen: SeenVersion | None, status: str, *, had_news: bool) -> tuple[str, str]:
    """What became of the view that readers see."""
    if facts.version_after is not None and facts.version_after != facts.version_before:
        day = seen.as_of_date if seen else facts.as_of_date
        return f"A new version is published that describes {day}", f"已发布描述 {day} 的新版本"
    if facts.job == "nightly" and had_news:
        return (
            "What arrived was read, and the build that follows decides about a new version",
            "数据已读入，随后构建新版本",
        )
    if seen is None:
        return "Nothing is published yet", "尚未发布任何版本"
    kept, chinese = f"the version of {seen.as_of_date}", f"{seen.as_of_date} 的版本"
    if status == PASSED:
        return (
            f"Passed, as of version {seen.version}: nothing new arrived, readers keep {kept}",
            f"通过：没有新数据，读者继续使用 {chinese}",
        )
    return f"Readers keep {kept}", f"读者继续使用 {chinese}"


def _reasons(
    facts: RunFacts,
    red: Sequence[CheckResult],
    warned: Sequence[CheckResult],
    errors: Sequence[StepError],
    count: int,
) -> tuple[str, str]:
    told, chinese = [], []
    if red:
        told.append(f"{counted(len(red), 'check')} failed ({_named(red)})")
        chinese.append(f"{len(red)} 项检查未通过（{_named(red)}）")
    broken = [error.step for error in errors] or ([] if red else list(facts.failed_steps))
    if broken:
        told.append(f"{counted(len(broken), 'step')} ended in an error ({', '.join(broken[:2])})")
        chinese.append(f"{len(broken)} 个步骤出错（{'、'.join(broken[:2])}）")
    if warned:
        told.append(f"{counted(len(warned), 'check asks', 'checks ask')} for a look ({_named(warned)})")
        chinese.append(f"{len(warned)} 项检查需要留意（{_named(warned)}）")
    if not told:
        return (f"all {count:,} checks passed" if count > 1 else "its one check passed", f"全部 {count} 项检查通过") if count else (
            "no check was made", "没有进行检查"
        )  # fmt: skip
    return "; ".join(told), "；".join(chinese)


def _named(results: Sequence[CheckResult]) -> str:
    """The first checks by name and asset."""
    names = [f"{title(result).lower()} of {result.asset.rpartition('/')[2]}" for result in results]
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return ", ".join(names[:2]) + more
