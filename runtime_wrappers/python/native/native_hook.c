/* _native.NativeHook: a hook of this module as Hook takes it for `before`. Python code can do nothing else with it. */
#include "native.h"

typedef struct {
    PyObject_HEAD
    const NativeHook *native;
} Object;

static PyTypeObject *object_type;

PyObject *native_hook_object(const NativeHook *native) {
    Object *self = (Object *)PyType_GenericAlloc(object_type, 0);
    if (self) self->native = native;
    return (PyObject *)self;
}

const NativeHook *native_hook_of(PyObject *object) { return Py_TYPE(object) == object_type ? ((Object *)object)->native : NULL; }

int native_hooks_add(PyObject *module, const NamedHook *hooks, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (PyModule_AddObject(module, hooks[i].name, native_hook_object(hooks[i].hook)) < 0) return -1;
    return 0;
}

static PyType_Slot slots[] = {{Py_tp_new, (void *)not_constructible}, {Py_tp_dealloc, (void *)free_instance}, {0, NULL}};
static PyType_Spec spec = {"_native.NativeHook", sizeof(Object), 0, Py_TPFLAGS_DEFAULT, slots};

int native_hook_register(PyObject *module) {
    object_type = type_from_spec(module, &spec, "NativeHook");
    return object_type ? 0 : -1;
}
