"""One row per profile: the component that its links at or above the floor join it to."""

from pipelines.identity.components import connected_components


def model(dbt, session):
    dbt.config(materialized="table")
    links = dbt.ref("identity_match_weights").filter("match_weight >= 0 and not is_conflict")
    return connected_components(
        profiles=dbt.ref("identity_profiles").project("profile_no").df(),
        links=links.project("profile_a, profile_b, match_weight").df(),
        settings=dbt.ref("identity_match_settings").df(),
        must_link=dbt.ref("identity_verdicts")
        .filter("verdict = 'must_link'")
        .project("profile_a, profile_b")
        .df(),
    )
