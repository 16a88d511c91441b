"""How the properties search: the same examples every time by default, so that a red build means a changed program.

`HYPOTHESIS_PROFILE=explore pytest ...` searches new examples; what it finds becomes an @example.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("repeat", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))
