{{ stage_kind('registration', ['updated_at', 'registered_at', 'collected_at']) }}
