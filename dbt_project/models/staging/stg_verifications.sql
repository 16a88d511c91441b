{{ stage_kind('verification', ['verified_at', 'updated_at'], version='updated_at') }}
