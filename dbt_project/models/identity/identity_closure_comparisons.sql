{{ compare_pairs(ref('identity_closure_pairs')) }}
