"""Faults in keys, roles and the access log, and the tests that have to notice."""

from __future__ import annotations

from benchmarks.mutants.faults import Fault, faults_in

_SOURCES = "tests/unit/storage/test_key_sources.py"
_ROTATION = "tests/integration/test_key_rotation.py"
_LOG = "tests/unit/privacy/test_access_log.py"
_GROUPS = "tests/unit/privacy/test_k_anonymity.py"
_CLASSES = "tests/unit/privacy/test_column_classes.py"
_ROLES = "tests/integration/test_role_files.py"
_ERASED = "tests/integration/test_erasing_role_files.py"
_SPILLED = "tests/integration/test_marker_bytes.py::test_what_a_query_spills_tells_nobody"

KEYS_FAULTS: tuple[Fault, ...] = (
    *faults_in("pipelines/storage/key_source.py",
        ("others may read the key file", "if mode & 0o077:", "if False:", _SOURCES),
        ("what the vault says is shown", "exit code {done.returncode} and {len(done.stdout)} bytes",
         "exit code {done.returncode} and {done.stderr!r} bytes", _SOURCES)),
    *faults_in("pipelines/storage/key_document.py",
        ("tokens change with the period", "return self.kept.get(purpose) or derived(self.secret, purpose)",
         "return derived(self.secret, purpose)", _SOURCES),
        ("logins go with a rotation", "            **self.rest,\n", "", _SOURCES)),
    *faults_in("pipelines/storage/keys.py",
        ("another key of the period is taken", "if period.key_print and print_of(there.secret) != period.key_print:", "if False:", _SOURCES),
        ("another home's key is taken", "if document.home_id != settings.home_id:", "if False:", _SOURCES)),
    *faults_in("pipelines/storage/connection.py",
        ("readers know one period", "for one in keys.of_periods() if read_only else (keys,):", "for one in (keys,):",
         f"{_ROTATION}::test_what_is_killed_within_the_change_is_finished_by_whoever_holds_the_home_next")),
    *faults_in("pipelines/publishing/locks.py",
        ("nobody finishes a change", "            finish_change(settings.home)", "            pass",
         f"{_ROTATION}::test_what_is_killed_within_the_change_is_finished_by_whoever_holds_the_home_next")),
    *faults_in("pipelines/publishing/raw_lines.py",
        ("a rotation is news", "            content = as_first_written(manifest)", "            content = path.read_bytes()",
         f"{_ROTATION}::test_everything_opens_with_the_new_key_alone_and_means_the_same")),
    *faults_in("pipelines/storage/prepared.py",
        ("what waits outlives its file", "        path.unlink()\n    if not good:", "        pass\n    if not good:",
         f"{_ROTATION}::test_nothing_prepared_outlives_the_file_it_was_made_from")),
    *faults_in("pipelines/command/rotate.py",
        ("a killed rotation begins anew", "known = kept_from_before(self._home)", "known: dict[Path, str] = {}",
         f"{_ROTATION}::test_what_is_killed_before_the_change_leaves_the_home_as_it_was_and_is_gone_on_with"),
        ("the home's own key may go", "        if number >= current:", "        if number > current:",
         f"{_ROTATION}::test_the_key_of_the_home_is_not_forgotten")),
    *faults_in("pipelines/privacy/access_log.py",
        ("a line needs no key", "        and line.get(_SEAL) == seal(_text(told))", "", _LOG),
        ("a gap is not seen", "if (line.get(\"number\"), line.get(\"previous\")) != (place, before):", "if False:", _LOG),
        ("a cut tail is not seen", "        if count > len(lines):", "        if False:", _LOG),
        ("no copy beside the key", "                _write_outer(settings, head)", "                pass", _LOG),
        ("writers do not wait", "        with FileLock(home / \".access.lock\", timeout=_WAIT_SECONDS):\n            last",
         "        with suppress(OSError):\n            last", _LOG)),
    *faults_in("pipelines/command/access.py",
        ("what cannot be written down is shown", "    number = note_access(settings, sealed, line)\n",
         "    with __import__(\"contextlib\").suppress(Exception):\n        number = note_access(settings, sealed, line)\n", _LOG),
        ("a purpose may name a person", "if _LOOKS_PERSONAL.search(told) or len(told) > _LONGEST:", "if False:", _LOG),
        ("the statement stands in the log", 'line["about"] = sealed[1](f"about/{about}")', 'line["about"] = about', _LOG)),
    *faults_in("pipelines/privacy/k_anonymity.py",
        ("one less is enough", "GROUP BY ALL HAVING count(*) >= {k}", "GROUP BY ALL HAVING count(*) >= {k} - 1", _GROUPS),
        ("the last few stay alone", "        if not 0 < alone < k:", "        if True:", _GROUPS),
        ("rare pairs are told", "GROUP BY ALL HAVING count(*) < {k}\n", "GROUP BY ALL HAVING count(*) < 0\n", _GROUPS)),
    *faults_in("pipelines/privacy/column_classes.py",
        ("a new column is open", "    if found is None:\n        raise", "    if found is None:\n        return OPEN\n        raise", _CLASSES),
        ("a contract makes looser", "return max(found, stricter.column_class if stricter else OPEN, key=STRICTNESS.__getitem__)",
         "return stricter.column_class if stricter else found", _CLASSES),
        ("an unknown word is open", "_OF_CONTRACT.get(word, SENSITIVE)", "_OF_CONTRACT.get(word, OPEN)", _CLASSES)),
    *faults_in("pipelines/privacy/roles.py",
        ("one key for all roles", 'return f"role/{role}"', 'return "role"', f"{_ROLES}::test_a_role_s_file_opens_with_its_own_key_alone"),
        ("the officer sees numbers", "    OFFICER: {OPEN: AS_IS, ATTRIBUTE: AS_IS, QUASI: AS_IS, KEY: AS_IS, DIRECT: MASKED,",
         "    OFFICER: {OPEN: AS_IS, ATTRIBUTE: AS_IS, QUASI: AS_IS, KEY: AS_IS, DIRECT: AS_IS,",
         f"{_ROLES}::test_the_officer_sees_consents_and_no_clear_contact")),
    *faults_in("pipelines/privacy/marketing_file.py",
        ("marketing sees ids", "SELECT token, * EXCLUDE (customer_id, settled, token)", "SELECT token, * EXCLUDE (settled, token)",
         f"{_ROLES}::test_marketing_sees_nobody_s_name_number_or_id")),
    *faults_in("pipelines/privacy/service_file.py",
        ("cards lie open", "    return _encrypted(_key(secret, f\"card/{customer}\"), _packed(text))", "    return _packed(text)",
         f"{_ROLES}::test_service_opens_one_customer_whom_it_knows_and_lists_nobody")),
    *faults_in("pipelines/publishing/erasing.py",
        ("the erased stay in the files of roles", "        beside(folder)\n", "        pass\n", _ERASED)),
    *faults_in("pipelines/storage/spill.py",
        ("spills lie open", 'conn.execute("SET temp_file_encryption = true")', 'conn.execute("SET temp_file_encryption = false")',
         _SPILLED)),
)  # fmt: skip
