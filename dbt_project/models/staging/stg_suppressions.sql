{{ stage_kind('suppression', ['effective_at', 'updated_at'], version='updated_at') }}
