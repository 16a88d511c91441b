"""Faults in the desk - its guard, sessions, judging and what it shows - and the tests that have to notice."""

from __future__ import annotations

from benchmarks.mutants.faults import Fault, faults_in

_SECURITY = "tests/unit/desk/test_desk_security.py"
_SESSIONS = "tests/unit/desk/test_desk_sessions.py"
_STEWARD = "tests/unit/desk/test_desk_steward.py"
_BUILDER = "tests/unit/desk/test_desk_builder.py"
_SERVING = "tests/unit/desk/test_desk_serving.py"
_CARDS = "tests/unit/desk/test_desk_cards.py"
_FIGURES = "tests/unit/desk/test_desk_figures.py"

DESK_FAULTS: tuple[Fault, ...] = (
    *faults_in("pipelines/desk/guard.py",
        ("any host is answered", 'if headers.get("host", "") not in self._hosts:', "if False:", _SECURITY),
        ("a form of any origin is taken", "return (origin is None or origin in own)", "return (True)", _SECURITY),
        ("a form of any site is taken", 'and (site is None or site == "same-origin")', "and True", _SECURITY),
        ("a body of any size is read", "length.isdecimal() and int(length) <= MOST_BYTES", "True", _SECURITY)),
    *faults_in("pipelines/desk/handling.py",
        ("a form needs no proof", 'if request.method == "POST" and not _is_proven(request, form, session.csrf):', "if False:", _SECURITY),
        ("every role has every room", "if roles and session.role not in roles:", "if False:", _SECURITY),
        ("an error tells its words in the log", '_LOG.error("%s at %s while answering %s", type(error).__name__, where, request.method)',
         "_LOG.error(str(error))", _SECURITY)),
    *faults_in("pipelines/desk/entering.py",
        ("the cookie is open to scripts", 'httponly=True, samesite="strict", path="/")\n        return',
         'samesite="lax", path="/")\n        return', _SECURITY)),
    *faults_in("pipelines/desk/sessions.py",
        ("a link opens twice", 'self._links.pop(_hash(token), ("", "", 0.0))', 'self._links.get(_hash(token), ("", "", 0.0))', _SESSIONS),
        ("an old link opens", "or now - made > LINK_SECONDS", "or False", _SESSIONS),
        ("a session never ends", "now - session.began > SESSION_SECONDS or", "False or", _SESSIONS)),
    *faults_in("pipelines/desk/pages.py",
        ("names with markup run", "autoescape=True", "autoescape=False", _SECURITY)),
    *faults_in("pipelines/desk/steward/judging.py",
        ("one of two stewards decides", "return WRITTEN if {one.said for one in heard} == {said} else DISPUTED", "return WRITTEN", _STEWARD),
        ("who asks for a second opinion does not wait", "return WAITS if is_asked else WRITTEN", "return WRITTEN", _STEWARD),
        ("undo takes back what another said", "if done.became == WRITTEN and any(", "if False and any(", _STEWARD),
        ("undo forgets what held before", "done.before.get(pair, WITHDRAWN) == verdict", "verdict == WITHDRAWN", _STEWARD)),
    *faults_in("pipelines/desk/steward/room.py",
        ("a page of an older version is judged", "if version != now or key not in queue.pairs:", "if False:", _STEWARD),
        ("two stewards get one pair", "return by.name == session.name or", "return True or", _STEWARD),
        ("nobody is asked for a second opinion", "if any(one.is_asked for one in others):", "if False:", _STEWARD)),
    *faults_in("pipelines/desk/steward/cluster_pages.py",
        ("a customer of an older version is split", 'if call.text("version") != room.queue.now()[0]:', "if False:", _STEWARD)),
    *faults_in("pipelines/desk/steward/pages.py",
        ("blind mode shows the evidence", "chart=None if session.is_blind else waterfall(pair.evidence)", "chart=waterfall(pair.evidence)", _STEWARD)),
    *faults_in("pipelines/desk/templates/steward_pair.html",
        ("blind mode shows the customers", "{% if session.is_blind %}{{ t('side', number=loop.index) }}{% else %}",
         "{% if false %}{% else %}", _STEWARD),
        ("blind mode shows what is around", '{% if session.is_blind %}<p class="note">{{ t(\'blind_around\') }}</p>{% else %}',
         "{% if false %}{% else %}", _STEWARD)),
    *faults_in("pipelines/desk/steward/queue.py",
        ("the surest pairs come first", 'f"abs(match_weight - {_FLOOR})', 'f"-abs(match_weight - {_FLOOR})', _STEWARD)),
    *faults_in("pipelines/desk/marketing/builder.py",
        ("a segment may be written anywhere", "if not _NAME.fullmatch(draft.name):", "if False:", _BUILDER),
        ("a segment overwrites another", "if draft.name in segment_files(settings):", "if False:", _BUILDER)),
    *faults_in("pipelines/desk/desk.py",
        ("what is held outlives its version", "if stamp is not None and self._held is not None and self._held[0] == stamp:",
         "if self._held is not None:", _SERVING)),
    *faults_in("pipelines/desk/serve.py",
        ("everybody on the network is served", "listener.bind((LOOPBACK, port))", 'listener.bind(("0.0.0.0", port))', _SERVING),
        ("another role's key starts the desk", "if (key.home_id, key.role) != (desk.settings.home_id, role):", "if False:", _SERVING)),
    *faults_in("pipelines/desk/service/cards.py",
        ("an opt-out of every channel closes none", 'if row["channel"] in (channel, "any"):\n            yield "closed_opt_out"',
         'if row["channel"] == channel:\n            yield "closed_opt_out"', _CARDS)),
    *faults_in("pipelines/desk/steward/clusters.py",
        ("the strongest link is the bridge", "found[customer] = (bits, (one, other))", "found.setdefault(customer, (bits, (one, other)))", _FIGURES)),
)  # fmt: skip
"""Fault by fault, file by file."""
