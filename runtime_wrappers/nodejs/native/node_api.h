/*
 * As much of Node-API (https://nodejs.org/api/n-api.html) as mapping.c uses: the layer is built where no Node.js is. Its ABI
 * stays as it is; a test compiles mapping.c with Node.js's own headers.
 */
#ifndef AFTERCALL_NODE_API_H
#define AFTERCALL_NODE_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { napi_ok } napi_status;
typedef enum { napi_default } napi_property_attributes;

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
typedef void (*napi_finalize)(napi_env, void *data, void *hint);

typedef struct {
    const char *utf8name;
    napi_value name;
    napi_callback method;
    napi_callback getter;
    napi_callback setter;
    napi_value value;
    napi_property_attributes attributes;
    void *data;
} napi_property_descriptor;

napi_status napi_create_external_arraybuffer(napi_env, void *, size_t, napi_finalize, void *hint, napi_value *);
napi_status napi_define_properties(napi_env, napi_value, size_t, const napi_property_descriptor *);
napi_status napi_get_boolean(napi_env, bool, napi_value *);
napi_status napi_get_cb_info(napi_env, napi_callback_info, size_t *count, napi_value *, napi_value *, void **);
napi_status napi_get_value_int32(napi_env, napi_value, int32_t *);
napi_status napi_get_value_int64(napi_env, napi_value, int64_t *);
napi_status napi_throw_error(napi_env, const char *code, const char *message);
napi_status napi_throw_type_error(napi_env, const char *code, const char *message);

#define NAPI_MODULE_INIT() \
    __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports); \
    napi_value napi_register_module_v1(napi_env env, napi_value exports)

#endif
