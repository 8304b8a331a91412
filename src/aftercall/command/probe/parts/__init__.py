"""What `aftercall probe` sends to Lambda: an extension, a function and a wrapper script, in Python 3.9's words.

    extension, extension.py   asks the platform from an extension's place
    app.py                    asks from the function's place, and judges
    assumptions.py            what aftercall relies on, one row each
    wrapper                   logs the runtime's argv and files
    kernel.py                 the few system calls that Python does not have

They run without the package aftercall around them: they import each other by their bare names.
"""
