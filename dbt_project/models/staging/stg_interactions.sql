{{ stage_kind('interaction', ['occurred_at', 'updated_at'], version='updated_at') }}
