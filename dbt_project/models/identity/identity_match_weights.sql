{{ weigh_pairs(ref('identity_comparisons')) }}
