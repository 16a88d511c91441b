{{ stage_kind('organisation', ['status_at', 'updated_at', 'registered_at', 'collected_at']) }}
