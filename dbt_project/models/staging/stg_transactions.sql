{{ stage_kind('transaction', ['transacted_at', 'updated_at'], version='updated_at') }}
