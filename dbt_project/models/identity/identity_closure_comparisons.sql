{{ config(pre_hook=pairs_stream(), post_hook=pairs_streamed()) }}
{{ compare_pairs(ref('identity_closure_pairs')) }}
