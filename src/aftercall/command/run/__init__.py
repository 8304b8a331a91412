"""`aftercall run`: a function in the local sandbox. `waterfall` and `otlp_receiver` serve the demo too."""
