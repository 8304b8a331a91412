#include "frozen_modules.h"

#include "contents.h"

#include <Python.h>
#include <dlfcn.h>
#include <stdlib.h>

/* The interpreter is a library that is loaded at run time: of its header only the table's layout is used, which differs between versions. */
void frozen_modules_install(void *libpython) {
    const struct _frozen **modules = dlsym(libpython, "PyImport_FrozenModules");
    struct _frozen *table = calloc((size_t)contents_count() + 1, sizeof *table);
    if (modules == NULL || table == NULL) {
        free(table);
        return; /* the interpreter says which module it misses */
    }
    struct _frozen *row = table;
    for (uint32_t index = 0; index < contents_count(); index++) {
        struct content content = contents_at(index);
        if (content.kind != CONTENT_NATIVE) {
            row->name = content.name;
            row->code = content.data;
            row->size = (int)content.length;
            row->is_package = content.kind == CONTENT_PACKAGE;
            row++;
        }
    }
    *modules = table;
}
