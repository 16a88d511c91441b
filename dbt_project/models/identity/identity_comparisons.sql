{{ compare_pairs(ref('identity_candidate_pairs')) }}
