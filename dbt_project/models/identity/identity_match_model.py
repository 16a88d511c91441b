"""One row per field and level (any_pair: per entity type): m, u and weight in bits of the active match model (stored, or trained when none is)."""

from pipelines.identity.training import active_model


def model(dbt, session):
    dbt.config(materialized="table")
    return active_model(
        stored=dbt.source("state", "match_model").df(),
        levels=dbt.ref("identity_match_levels").df(),
        patterns=dbt.ref("identity_level_patterns").df(),
        population=dbt.ref("identity_profiles").aggregate("entity_type, count(*) as profile_count").df(),
        settings=dbt.ref("identity_match_settings").df(),
    )
