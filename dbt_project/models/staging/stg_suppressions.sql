{{ stage_kind('suppression', ['effective_at', 'updated_at']) }}
