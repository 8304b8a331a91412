/* Modules that Python imports straight out of the executable, as it does those that are compiled into it (PyImport_FrozenModules in
 * CPython's documentation, "Importing Modules"). */
#ifndef AFTERCALL_FROZEN_MODULES_H
#define AFTERCALL_FROZEN_MODULES_H

/* After libpython was loaded (`libpython` is its handle) and before the interpreter is initialized. */
void frozen_modules_install(void *libpython);

#endif
