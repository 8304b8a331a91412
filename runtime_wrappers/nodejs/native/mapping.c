/*
 * What JavaScript cannot do for the spool (SPOOL_FORMAT.md): map a segment, and reserve a file's space.
 *
 *     map(descriptor, size)      an ArrayBuffer over the file's first `size` bytes, shared with whoever reads the file
 *     reserve(descriptor, size)  true, or false where the disk is full or its file system does not support it
 *
 * The mapping goes when V8 has collected the ArrayBuffer, or when its environment (the process, a Worker) is torn down, in
 * which Node.js detaches the ArrayBuffer first. Nothing here unmaps earlier: a store through what somebody still holds
 * would be a SIGSEGV.
 *
 * Node-API alone, and the C library's functions by their plain names, without a DT_NEEDED: they are found in what node
 * itself has loaded, glibc or musl, in any version.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <node_api.h>
#include <sys/mman.h>

static void unmap(napi_env env, void *memory, void *size) {
    (void)env;
    munmap(memory, (size_t)(uintptr_t)size);
}

/** Reads the two numbers that both functions take; throws where they are none. */
static bool read_arguments(napi_env env, napi_callback_info info, int32_t *descriptor, int64_t *size) {
    napi_value arguments[2];
    size_t count = 2;
    if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) == napi_ok && count == 2 &&
        napi_get_value_int32(env, arguments[0], descriptor) == napi_ok && napi_get_value_int64(env, arguments[1], size) == napi_ok && *size > 0)
        return true;
    napi_throw_type_error(env, NULL, "expected (descriptor, size)");
    return false;
}

static napi_value map(napi_env env, napi_callback_info info) {
    int32_t descriptor;
    int64_t size;
    if (!read_arguments(env, info, &descriptor, &size)) return NULL;
    void *memory = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (memory == MAP_FAILED) {
        napi_throw_error(env, NULL, "mmap failed");
        return NULL;
    }
    napi_value buffer;
    void *hint = (void *)(uintptr_t)size;
    if (napi_create_external_arraybuffer(env, memory, (size_t)size, unmap, hint, &buffer) == napi_ok) return buffer;
    unmap(env, memory, hint); /* A Node.js whose V8 keeps all memory in its sandbox. */
    napi_throw_error(env, NULL, "no ArrayBuffer over a mapping");
    return NULL;
}

static napi_value reserve(napi_env env, napi_callback_info info) {
    int32_t descriptor;
    int64_t size;
    napi_value result;
    if (!read_arguments(env, info, &descriptor, &size)) return NULL;
    bool is_reserved = fallocate(descriptor, 0, 0, (off_t)size) == 0;
    return napi_get_boolean(env, is_reserved, &result) == napi_ok ? result : NULL;
}

NAPI_MODULE_INIT() {
    const napi_property_descriptor functions[] = {
        {.utf8name = "map", .method = map, .attributes = napi_default},
        {.utf8name = "reserve", .method = reserve, .attributes = napi_default},
    };
    napi_define_properties(env, exports, sizeof(functions) / sizeof(*functions), functions);
    return exports;
}
