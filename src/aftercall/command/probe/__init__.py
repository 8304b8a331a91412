"""`aftercall probe`: asks Lambda itself whether what aftercall relies on holds. `parts` is what it sends there."""
