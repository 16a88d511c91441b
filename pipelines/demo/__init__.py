"""The demo: invented people with known truth, delivered as sources would, and how much of it a run found.

Imports nothing of pipelines.functions: truth must not depend on the cleaning code that it judges.
"""
