"""One row per profile: the cluster (one person or organisation) that average linkage puts it in."""

from pipelines.identity.clustering import cluster_components
from pipelines.matching.specification import match_specification

# What a person is called is no trait that another profile of the group adds to.
NAMES = ("family", "given", "middle", "full_name", "firm_name")

# Most candidates join nobody: only pairs within one component go to Python.
INSIDE = """
with components as (select profile_no, component_no from {components}),
weighed as (
    select profile_a, profile_b, match_weight, is_conflict, vote, entity_type = 'organisation' as is_firm, {bits} from {candidates}
    union all
    select profile_a, profile_b, match_weight, is_conflict, vote, entity_type = 'organisation' as is_firm, {bits} from {closure}
)
select weighed.*
from weighed
inner join components as a on weighed.profile_a = a.profile_no
inner join components as b on weighed.profile_b = b.profile_no
where a.component_no = b.component_no
"""


def model(dbt, session):
    dbt.config(materialized="table")
    components = dbt.ref("identity_components").project("profile_no, component_no")
    tables = {
        "bits": ", ".join(
            f"case when {field}_level is not null then {field}_weight end as {field}_bits"
            for field in match_specification().fields
            if field not in NAMES
        ),
        "components": f"({components.sql_query()})",
        "candidates": f"({dbt.ref('identity_match_weights').sql_query()})",
        "closure": f"({dbt.ref('identity_closure_weights').sql_query()})",
    }
    return cluster_components(
        components=components.df(),
        pairs=session.sql(INSIDE.format(**tables)).df(),
        settings=dbt.ref("identity_match_settings").df(),
        verdicts=dbt.ref("identity_verdicts").project("profile_a, profile_b, verdict").df(),
    )
