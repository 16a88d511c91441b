{{ stage_kind('purchased_list', ['updated_at', 'collected_at', 'registered_at', 'last_verified_at']) }}
