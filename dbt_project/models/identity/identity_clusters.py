"""One row per profile: the cluster (one person or organisation) that average linkage puts it in."""

from pipelines.identity.clustering import cluster_components


def model(dbt, session):
    dbt.config(materialized="table")
    columns = "profile_a, profile_b, match_weight, is_conflict, vote"
    candidates = dbt.ref("identity_match_weights").project(columns)
    closure = dbt.ref("identity_closure_weights").project(columns)
    return cluster_components(
        components=dbt.ref("identity_components").project("profile_no, component_no").df(),
        pairs=candidates.union(closure).df(),
        settings=dbt.ref("identity_match_settings").df(),
        verdicts=dbt.ref("identity_verdicts").project("profile_a, profile_b, verdict").df(),
    )
