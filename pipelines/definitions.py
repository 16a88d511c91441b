"""The Dagster code location: the graph of the home that UCV_HOME names, built when the module is loaded."""

from __future__ import annotations

import os

os.environ.setdefault("DO_NOT_TRACK", "1")

from pipelines.assets.graph import build_definitions
from pipelines.settings import load_settings

defs = build_definitions(load_settings())
