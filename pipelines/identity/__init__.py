"""Who is who: training of the match model, clusters, the identity ledger and explanations. Tables come and go as frames."""
