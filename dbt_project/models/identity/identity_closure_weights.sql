{{ weigh_pairs(ref('identity_closure_comparisons')) }}
