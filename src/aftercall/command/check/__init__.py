"""`aftercall check`: what would leave, and what is masked by which rule."""
