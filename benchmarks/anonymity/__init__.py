"""Whether groups of k are counted as others count them."""
