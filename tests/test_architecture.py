"""Who may import whom, which layer may read which, and that time enters models through as_of_date only."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = {"contracts", "settings", "errors", "functions", "storage", "matching"}
PURE = {
    "contracts",
    "functions",
    "storage",
    "ingest",
    "identity",
    "quality",
    "privacy",
    "publishing",
    "demo",
    "segments",
    "goals",
    "exports",
    "cooperation",
}
DAGSTER_ROOMS = {"assets", "definitions", "schedules", "command"}
LAYERS = ["staging", "standardise", "identity", "golden", "marts"]


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def room(path: Path) -> str:
    return path.relative_to(ROOT / "pipelines").parts[0].removesuffix(".py")


def test_only_the_orchestrating_rooms_import_dagster() -> None:
    sources = (ROOT / "pipelines").rglob("*.py")
    users = {
        room(path)
        for path in sources
        if any(name.split(".")[0].startswith("dagster") for name in imports(path))
    }
    assert users <= DAGSTER_ROOMS


def test_pure_rooms_import_only_the_shared_ones() -> None:
    for path in (ROOT / "pipelines").rglob("*.py"):
        if room(path) in PURE:
            used = {name.split(".")[1] for name in imports(path) if name.startswith("pipelines.")}
            assert used - SHARED - {room(path)} == set(), path.relative_to(ROOT)


def test_pages_and_alerts_tell_what_the_quality_room_found() -> None:
    allowed = {"report": {"quality"}, "alerts": {"quality", "report", "publishing"}}
    for path in (ROOT / "pipelines").rglob("*.py"):
        if room(path) in allowed:
            used = {name.split(".")[1] for name in imports(path) if name.startswith("pipelines.")}
            assert used - SHARED - {room(path)} <= allowed[room(path)], path.relative_to(ROOT)


def test_the_desk_shows_what_commands_answer_and_only_the_command_line_opens_it() -> None:
    allowed = {"command", "privacy", "publishing", "identity", "segments", "exports"}
    for path in (ROOT / "pipelines").rglob("*.py"):
        used = {name.split(".")[1] for name in imports(path) if name.startswith("pipelines.")}
        if room(path) == "desk":
            assert used - SHARED - {"desk"} <= allowed, path.relative_to(ROOT)
        else:
            assert "desk" not in used or room(path) == "cli", path.relative_to(ROOT)


def models() -> dict[str, tuple[str, str]]:
    folder = ROOT / "dbt_project" / "models"
    return {
        path.stem: (path.parent.name, path.read_text(encoding="utf-8"))
        for path in folder.rglob("*")
        if path.suffix in (".sql", ".py")
    }


def test_each_layer_reads_itself_and_the_layers_before_it() -> None:
    known = models()
    for name, (layer, text) in known.items():
        for other in re.findall(r"ref\(['\"](\w+)['\"]\)", text):
            if other in known:
                assert LAYERS.index(known[other][0]) <= LAYERS.index(layer), f"{name} reads {other}"


def test_only_staging_reads_raw() -> None:
    for name, (layer, text) in models().items():
        assert layer == "staging" or "source('raw'" not in text, name


def test_no_model_asks_for_the_time() -> None:
    sql = list((ROOT / "dbt_project").glob("m*/**/*.sql"))
    assert len(sql) > 40
    for path in sql:
        assert not re.search(r"\b(now\(|current_date|current_timestamp|today\()", path.read_text("utf-8")), (
            path
        )


def test_every_model_states_its_grain() -> None:
    import yaml  # noqa: PLC0415

    documented = {
        model["name"]: model
        for path in (ROOT / "dbt_project" / "models").rglob("_*.yml")
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    }
    assert set(documented) == set(models())
    for name, model in documented.items():
        assert model["description"].startswith("One row per "), name
        assert all(column["description"] for column in model["columns"]), name
