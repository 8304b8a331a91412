# The layer, built on a base as old as the oldest that Lambda still runs, so that it starts on all of them:
#
#     docker build --output dist .                             writes dist/aftercall-layer-x86_64.zip
#     docker build --output dist --platform linux/arm64 .      writes dist/aftercall-layer-arm64.zip
#     docker build --target image --tag aftercall .            an image to take the layer from in a function's own Dockerfile:
#                                                              COPY --from=aftercall /opt /opt
#
# BASE needs glibc 2.26 or older and a Python of 3.11 or newer with its headers and a shared libpython. AWS's own image
# has them on both architectures. JAVA needs a JDK of 11 or newer and Maven. What comes out the same on every
# architecture (the jar, bytecode) is made on the building machine's own, without emulation.
ARG BUILDPLATFORM
ARG BASE=public.ecr.aws/lambda/python:3.11
ARG JAVA=maven:3.9-eclipse-temurin-17
ARG PYTHON_3_9=public.ecr.aws/lambda/python:3.9
ARG PYTHON_3_10=public.ecr.aws/lambda/python:3.10
ARG PYTHON_3_11=public.ecr.aws/lambda/python:3.11
ARG PYTHON_3_12=public.ecr.aws/lambda/python:3.12
ARG PYTHON_3_13=public.ecr.aws/lambda/python:3.13
ARG PYTHON_3_14=public.ecr.aws/lambda/python:3.14

# 1. Compiler and pinned, hashed packages. Nothing after this stage needs the network but for botocore's models,
#    wrapt's wheels and ASM.
FROM ${BASE} AS tools
USER root
RUN if command -v yum; then yum install -y gcc make binutils tar gzip && yum clean all; \
    elif command -v apt-get; then apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make binutils; fi \
    && mkdir /aftercall && chown 1000:1000 /aftercall
USER 1000:1000
ENV HOME=/aftercall
WORKDIR /aftercall
COPY build_spec/environment.py build_spec/
COPY build_spec/requirements build_spec/requirements/
RUN python3 build_spec/environment.py freeze mypyc

# 2. The extension: Python frozen by PyInstaller, the launcher linked into its bootloader.
FROM tools AS extension
COPY build_spec build_spec/
COPY launcher launcher/
COPY --chown=1000:1000 src src/
RUN .cache/freeze/bin/python -m build_spec.layer --only extension --tree /aftercall/layer

# 3. The wrappers of Python and Node.js.
FROM tools AS wrappers
COPY build_spec build_spec/
COPY runtime_wrappers runtime_wrappers/
RUN .cache/freeze/bin/python -m build_spec.layer --only python --only nodejs --tree /aftercall/layer

# 4. Java's agent: one jar for all architectures and bases.
FROM --platform=${BUILDPLATFORM} ${JAVA} AS jar
USER root
RUN command -v python3 || { command -v yum && yum install -y python3; } || { apt-get update && apt-get install -y python3; } \
    && mkdir -p /aftercall && chown 1000:1000 /aftercall
USER 1000:1000
ENV HOME=/aftercall
WORKDIR /aftercall
COPY build_spec build_spec/
COPY runtime_wrappers/java runtime_wrappers/java/
RUN python3 -m build_spec.layer --only java --tree /aftercall/layer

# 5. Bytecode of the Python wrapper for each Python of Lambda: without it a function's start takes some 15 ms more.
FROM --platform=${BUILDPLATFORM} ${PYTHON_3_9} AS bytecode_3_9
COPY --from=wrappers /aftercall/layer/aftercall/python /layer/aftercall/python/
COPY runtime_wrappers/python/bytecode.py /
RUN python3 /bytecode.py /layer/aftercall/python/_aftercall
FROM --platform=${BUILDPLATFORM} ${PYTHON_3_10} AS bytecode_3_10
COPY --from=wrappers /aftercall/layer/aftercall/python /layer/aftercall/python/
COPY runtime_wrappers/python/bytecode.py /
RUN python3 /bytecode.py /layer/aftercall/python/_aftercall
FROM --platform=${BUILDPLATFORM} ${PYTHON_3_11} AS bytecode_3_11
COPY --from=wrappers /aftercall/layer/aftercall/python /layer/aftercall/python/
COPY runtime_wrappers/python/bytecode.py /
RUN python3 /bytecode.py /layer/aftercall/python/_aftercall
FROM --platform=${BUILDPLATFORM} ${PYTHON_3_12} AS bytecode_3_12
COPY --from=wrappers /aftercall/layer/aftercall/python /layer/aftercall/python/
COPY runtime_wrappers/python/bytecode.py /
RUN python3 /bytecode.py /layer/aftercall/python/_aftercall
FROM --platform=${BUILDPLATFORM} ${PYTHON_3_13} AS bytecode_3_13
COPY --from=wrappers /aftercall/layer/aftercall/python /layer/aftercall/python/
COPY runtime_wrappers/python/bytecode.py /
RUN python3 /bytecode.py /layer/aftercall/python/_aftercall
FROM --platform=${BUILDPLATFORM} ${PYTHON_3_14} AS bytecode_3_14
COPY --from=wrappers /aftercall/layer/aftercall/python /layer/aftercall/python/
COPY runtime_wrappers/python/bytecode.py /
RUN python3 /bytecode.py /layer/aftercall/python/_aftercall

# 6. All in one zip; fails if anything in it would not start on each base of Lambda.
FROM tools AS zip
COPY build_spec build_spec/
COPY src/aftercall/__init__.py src/aftercall/
COPY --chown=1000:1000 --from=extension /aftercall/layer layer/
COPY --chown=1000:1000 --from=wrappers /aftercall/layer layer/
COPY --chown=1000:1000 --from=jar /aftercall/layer layer/
COPY --chown=1000:1000 --from=bytecode_3_9 /layer layer/
COPY --chown=1000:1000 --from=bytecode_3_10 /layer layer/
COPY --chown=1000:1000 --from=bytecode_3_11 /layer layer/
COPY --chown=1000:1000 --from=bytecode_3_12 /layer layer/
COPY --chown=1000:1000 --from=bytecode_3_13 /layer layer/
COPY --chown=1000:1000 --from=bytecode_3_14 /layer layer/
RUN .cache/freeze/bin/python -m build_spec.layer --only zip --every-base --tree /aftercall/layer --dist /aftercall/dist

# 7. For functions that are container images.
FROM scratch AS image
COPY --from=zip /aftercall/layer /opt/

# 8. What `docker build --output dist .` writes.
FROM scratch AS layer
COPY --from=zip /aftercall/dist/ /
