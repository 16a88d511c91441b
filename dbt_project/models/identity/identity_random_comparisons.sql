{{ compare_pairs(ref('identity_random_pairs')) }}
